import { useFormatter, useLocale, useNow, useTimeZone } from 'next-intl';
import { classNames } from './class-names';
import { RelativeTime } from './relative-time';

type Precision = 'minute' | 'second';

/** Formats an instant as `14:03`, with the date in front unless it is today in that zone. */
function useAbsolute(at: Date, precision: Precision, zone: boolean): string {
  const format = useFormatter();
  const now = useNow();
  const day = (date: Date) => format.dateTime(date, { year: 'numeric', month: 'numeric', day: 'numeric' });
  const isToday = day(at) === day(now);
  const isThisYear = format.dateTime(at, { year: 'numeric' }) === format.dateTime(now, { year: 'numeric' });
  return format.dateTime(at, {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    ...(isToday || isThisYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(precision === 'second' ? { second: '2-digit' } : {}),
    ...(zone ? { timeZoneName: 'short' } : {}),
    hourCycle: 'h23',
  });
}

/**
 * An instant, absolute and relative, both always visible. `stacked` puts the relative time first and the absolute one
 * beneath (tables, whose header names the zone); otherwise `14:03:22 CET · 4 min ago`.
 */
export function TimeText({
  at,
  precision = 'minute',
  stacked = false,
  relative = true,
  zone = !stacked,
  className,
}: {
  at: Date | number;
  precision?: Precision;
  stacked?: boolean;
  relative?: boolean;
  zone?: boolean;
  className?: string;
}) {
  const locale = useLocale();
  const now = useNow();
  const instant = new Date(at);
  const absolute = useAbsolute(instant, precision, zone);
  const since = (
    <RelativeTime atMs={instant.getTime()} nowMs={now.getTime()} locale={locale} style={stacked ? 'narrow' : 'short'} />
  );
  if (stacked) {
    return (
      <time dateTime={instant.toISOString()} className={classNames('whitespace-nowrap', className)}>
        {since}
        <span className="block text-meta text-muted">{absolute}</span>
      </time>
    );
  }
  return (
    <time dateTime={instant.toISOString()} className={className}>
      {absolute}
      {relative ? (
        <>
          <span aria-hidden="true"> · </span>
          {since}
        </>
      ) : null}
    </time>
  );
}

/** The short name of the zone that the page's times are in, for a table's header. */
export function ZoneName() {
  const locale = useLocale();
  const now = useNow();
  const timeZone = useTimeZone();
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }).formatToParts(now);
  return <abbr title={timeZone}>{parts.find(({ type }) => type === 'timeZoneName')?.value}</abbr>;
}
