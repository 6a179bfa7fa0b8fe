import type { StatusShape } from '@/components/ui/status-icon';
import type { Tone } from '@/components/ui/tone';
import type { BehindTenant, FreshnessSummary } from '@/lib/freshness/queries';
import { clockText, type Format } from './row-view';
import type { Words } from './words';

export interface BehindView {
  key: string;
  shape: StatusShape;
  tone: Tone;
  /** `late`, `stopped` or `reading history`, in words. */
  state: string;
  name: string;
  /** One line: name, age and cause. */
  line: string;
  action: string | null;
  lastComplete: string;
}

/** How complete the list is, in the reader's words. */
export interface FreshnessView {
  /** True only when every connected customer is current: the one case that earns the tick. */
  complete: boolean;
  shape: StatusShape;
  tone: Tone;
  headline: string;
  counts: { key: string; shape: StatusShape; tone: Tone; text: string }[];
  /** The database's clock when it was asked, with its zone. */
  clock: string;
  asOf: string;
  behind: BehindView[];
}

const LOOKS: Record<BehindTenant['state'], { shape: StatusShape; tone: Tone }> = {
  late: { shape: 'clock', tone: 'late' },
  stopped: { shape: 'cross', tone: 'stopped' },
  reading: { shape: 'quarter', tone: 'active' },
};

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** An age in the largest unit that fits: `14 min`. */
export function ageText(format: Format, ageMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => ageMs >= ms) ?? ['second', 1_000];
  return format.number(Math.max(0, Math.floor(ageMs / unitMs)), { style: 'unit', unit, unitDisplay: 'short' });
}

/** The cause in a few words. A code that we don't know is shown as it is. */
export function causeText(t: Words, cause: string | null): string {
  if (cause === null) return t('freshness.cause.LATE');
  const known = /^\w+$/.test(cause) && t.has(`freshness.cause.${cause}`);
  return known ? t(`freshness.cause.${cause}`) : t('freshness.cause.other', { code: cause });
}

function actionText(t: Words, cause: string | null): string {
  const key = `freshness.action.${cause ?? 'LATE'}`;
  return /^[\w.]+$/.test(key) && t.has(key) ? t(key) : t('freshness.action.other');
}

function behindView(
  t: Words,
  format: Format,
  tenant: BehindTenant,
  { asOf, readSoFar }: { asOf: Date; readSoFar: Record<string, number> },
): BehindView {
  const { customerName: name, lastCompleteAt, state } = tenant;
  const isReading = state === 'reading';
  const count = readSoFar[tenant.slug] ?? 0;
  const cause = isReading
    ? t('freshness.readingNow', { count: format.number(count) })
    : causeText(t, tenant.cause ?? (lastCompleteAt ? 'LATE' : null));
  const age = lastCompleteAt && !isReading ? ageText(format, asOf.getTime() - lastCompleteAt.getTime()) : null;
  return {
    key: tenant.slug,
    ...LOOKS[state],
    state: t(`freshness.${state}`),
    name,
    line: age ? t('freshness.withAge', { name, age, cause }) : t('freshness.withoutAge', { name, cause }),
    action: isReading ? null : actionText(t, tenant.cause),
    lastComplete: lastCompleteAt
      ? t('freshness.lastComplete', { time: clockText(format, lastCompleteAt, asOf, true) })
      : t('freshness.neverRead'),
  };
}

export function freshnessView(
  t: Words,
  format: Format,
  summary: FreshnessSummary,
  readSoFar: Record<string, number>,
): FreshnessView {
  const { asOf, behind, connectedCount, currentCount } = summary;
  const complete = connectedCount > 0 && currentCount === connectedCount;
  const worst = behind.some(({ state }) => state !== 'reading') ? LOOKS.late : LOOKS.reading;
  const counts = (['late', 'stopped', 'reading'] as const).flatMap((state) => {
    const count = behind.filter((tenant) => tenant.state === state).length;
    return count > 0 ? [{ key: state, ...LOOKS[state], text: t(`freshness.counts.${state}`, { count }) }] : [];
  });
  const clock = format.dateTime(asOf, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    hourCycle: 'h23',
  });
  return {
    complete,
    ...(complete ? { shape: 'tick', tone: 'good' } : connectedCount === 0 ? { shape: 'ring', tone: 'muted' } : worst),
    headline:
      connectedCount === 0
        ? t('freshness.noneConnected')
        : t('freshness.headline', { current: currentCount, connected: connectedCount }),
    counts,
    clock,
    asOf: t('freshness.asOf', { time: clock }),
    behind: behind.map((tenant) => behindView(t, format, tenant, { asOf, readSoFar })),
  };
}
