'use client';
import { useSearchParams } from 'next/navigation';
import { NotUnderstood } from '@/components/incidents/not-understood';
import { type FilterProblem, filterFrom, queueHref } from '@/lib/incidents/filter';

/** What of this address means nothing. A page can't answer with a status and say why, so that is worked out again here. */
export function RefusedFilter() {
  const search = useSearchParams();
  const params: Record<string, string[]> = {};
  for (const key of new Set(search.keys())) params[key] = search.getAll(key);
  const parsed = filterFrom(params);
  const { filter } = parsed;
  // What reads well can only have been refused for a customer whom this reader has not.
  const problems: FilterProblem[] = parsed.ok
    ? filter.customers.map((value) => ({ kind: 'unknownValue', key: 'customer', value }))
    : parsed.problems;
  const rest = parsed.ok ? { ...filter, customers: [] } : filter;
  return <NotUnderstood problems={problems} restHref={queueHref(rest)} />;
}
