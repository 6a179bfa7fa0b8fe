/** The queue's filters as they stand in the URL: keys and values are English, comma means or, parts mean and. */
import { type Cursor, cursorFrom, cursorText } from './cursor';

export const SEVERITIES = ['high', 'medium', 'low', 'informational', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `open` is everything that somebody still has to work on; `all` says on purpose that status does not matter. */
export const STATUSES = ['open', 'active', 'inProgress', 'awaitingAction', 'resolved', 'redirected', 'all'] as const;
export type Status = (typeof STATUSES)[number];

export interface QueueFilter {
  severities: Severity[];
  statuses: Status[];
  /** Slugs of tenants; whether they exist for the reader is found out when the query runs. */
  customers: string[];
  after: Cursor | null;
}

export type FilterKey = 'severity' | 'status' | 'customer';

/** A part of the URL that means nothing to us. */
export interface FilterProblem {
  kind: 'unknownKey' | 'unknownValue' | 'malformedCursor';
  key: string;
  value: string;
}

/** `filter` is what was understood; with problems it is for offering, not for running. */
export type ParsedFilter =
  | { ok: true; filter: QueueFilter }
  | { ok: false; problems: FilterProblem[]; filter: QueueFilter };

/** Search parameters as Next hands them over. */
export type SearchParams = Record<string, string | string[] | undefined>;

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
const VALUES_MAX = 100;
/** Defender's own portal says "new" for an active incident. */
const STATUS_ALIASES: Record<string, Status> = { new: 'active', merged: 'redirected' };

function valuesOf(value: string | string[] | undefined): string[] {
  const parts = (Array.isArray(value) ? value : [value ?? '']).flatMap((each) => each.split(','));
  return [...new Set(parts.map((part) => part.trim()).filter(Boolean))];
}

function knownOf<Known extends string>(
  known: readonly Known[],
  values: string[],
  aliases: Record<string, Known> = {},
): { found: Known[]; unknown: string[] } {
  const found: Known[] = [];
  const unknown: string[] = [];
  for (const value of values) {
    const lower = value.toLowerCase();
    const match =
      known.find((each) => each.toLowerCase() === lower) ??
      (Object.hasOwn(aliases, lower) ? aliases[lower] : undefined);
    if (match) found.push(match);
    else unknown.push(value);
  }
  return { found: [...new Set(found)], unknown };
}

/** Reads the filters of a URL. Never throws; whatever is not understood is named, and then nothing should run. */
export function filterFrom(params: SearchParams): ParsedFilter {
  const problems: FilterProblem[] = [];
  const filter: QueueFilter = { severities: [], statuses: [], customers: [], after: null };
  const refuse = (key: string, values: string[]) => {
    for (const value of values) problems.push({ kind: 'unknownValue', key, value });
  };
  for (const [key, raw] of Object.entries(params)) {
    if (raw === undefined) continue;
    const values = valuesOf(raw);
    if (values.length > VALUES_MAX) {
      refuse(key, values.slice(0, 1));
      continue;
    }
    switch (key) {
      case 'severity': {
        const { found, unknown } = knownOf(SEVERITIES, values);
        filter.severities = found;
        refuse(key, unknown);
        break;
      }
      case 'status': {
        const { found, unknown } = knownOf(STATUSES, values, STATUS_ALIASES);
        filter.statuses = found;
        refuse(key, unknown);
        break;
      }
      case 'customer':
        filter.customers = values.filter((value) => SLUG.test(value));
        refuse(
          key,
          values.filter((value) => !SLUG.test(value)),
        );
        break;
      case 'after': {
        if (values.length === 0) break;
        const cursor = values.length === 1 ? cursorFrom(values[0] ?? '') : null;
        if (cursor) filter.after = cursor;
        else problems.push({ kind: 'malformedCursor', key, value: values.join(',') });
        break;
      }
      // The language of this page, which the server keeps; no filter.
      case 'lang':
        break;
      default:
        problems.push({ kind: 'unknownKey', key, value: values.join(',') });
    }
  }
  return problems.length > 0 ? { ok: false, problems, filter } : { ok: true, filter };
}

/** The address of the queue with these filters; commas stay readable. */
export function queueHref(filter: Omit<QueueFilter, 'after'> & { after?: Cursor | null }, path = '/incidents'): string {
  const parts = [
    ...(filter.severities.length ? [`severity=${filter.severities.join(',')}`] : []),
    ...(filter.statuses.length ? [`status=${filter.statuses.join(',')}`] : []),
    ...(filter.customers.length ? [`customer=${filter.customers.join(',')}`] : []),
    ...(filter.after ? [`after=${cursorText(filter.after)}`] : []),
  ];
  return parts.length ? `${path}?${parts.join('&')}` : path;
}

/** The same address as a query only, for the machine's side of the page. */
export function filterQuery(filter: QueueFilter): string {
  return queueHref({ ...filter, after: null }, '').replace(/^\?/, '');
}

/** The filters that narrow the list. */
export function activeKeys(filter: QueueFilter): FilterKey[] {
  return [
    ...(filter.severities.length ? (['severity'] as const) : []),
    ...(filter.statuses.length && !filter.statuses.includes('all') ? (['status'] as const) : []),
    ...(filter.customers.length ? (['customer'] as const) : []),
  ];
}

/** The same filters without one of them, from the first page. */
export function without(filter: QueueFilter, key: FilterKey): QueueFilter {
  return {
    ...filter,
    severities: key === 'severity' ? [] : filter.severities,
    statuses: key === 'status' ? ['all'] : filter.statuses,
    customers: key === 'customer' ? [] : filter.customers,
    after: null,
  };
}
