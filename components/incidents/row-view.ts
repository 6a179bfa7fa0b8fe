import type { useFormatter } from 'next-intl';
import { escapedText } from '@/components/ui/escaped-parts';
import type { QueueRow } from '@/lib/incidents/rows';
import { productName, type SeverityView, type StatusView, severityView, statusView, type Words } from './words';

export type Format = ReturnType<typeof useFormatter>;

/** A row in the reader's words: all that a browser needs to show it, and nothing more of the incident. */
export interface RowView {
  /** Unique among tenants: slug and id. */
  key: string;
  href: string;
  title: string;
  number: string;
  severity: SeverityView;
  status: StatusView;
  customer: string;
  owner: string | null;
  sources: string;
  alerts: string;
  alertCount: number;
  techniques: string;
  arrivedAtMs: number;
  arrivedIso: string;
  arrived: string;
  matches: boolean;
}

const TECHNIQUES_SHOWN = 2;

/** `14:03` today, `22 Nov, 14:03` before. */
export function clockText(format: Format, at: Date, now: Date, seconds = false): string {
  const day = (date: Date) => format.dateTime(date, { year: 'numeric', month: 'numeric', day: 'numeric' });
  return format.dateTime(at, {
    ...(day(at) === day(now) ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  });
}

function techniquesText(t: Words, techniques: string[]): string {
  const shown = techniques.slice(0, TECHNIQUES_SHOWN).map(escapedText).join(', ');
  const more = techniques.length - TECHNIQUES_SHOWN;
  return more > 0 ? t('queue.techniquesMore', { techniques: shown, count: more }) : shown;
}

function sourcesText(t: Words, sources: string[]): string {
  const [first, ...more] = sources.map((source) => escapedText(productName(source)));
  if (first === undefined) return '';
  return more.length > 0 ? t('queue.sourcesMore', { source: first, count: more.length }) : first;
}

export function rowView(t: Words, format: Format, row: QueueRow, now: Date, matches = true): RowView {
  return {
    key: `${row.slug}/${row.id}`,
    href: `/incidents/${row.slug}/${encodeURIComponent(row.id)}`,
    title: row.title,
    number: `#${escapedText(row.id)}`,
    severity: severityView(t, row.severity),
    status: statusView(t, row.status),
    customer: row.customerName,
    owner: row.assignedTo,
    sources: sourcesText(t, row.serviceSources),
    alerts: t('queue.alerts', { count: row.alertCount }),
    alertCount: row.alertCount,
    techniques: techniquesText(t, row.mitreTechniques),
    arrivedAtMs: row.arrivedAt.getTime(),
    arrivedIso: row.arrivedAt.toISOString(),
    arrived: clockText(format, row.arrivedAt, now),
    matches,
  };
}
