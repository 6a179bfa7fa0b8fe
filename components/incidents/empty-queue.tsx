import { useFormatter, useTranslations } from 'next-intl';
import { LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { escapedText } from '@/components/ui/escaped-parts';
import type { FilterKey, QueueFilter } from '@/lib/incidents/filter';
import type { QueuePage } from '@/lib/incidents/queries';
import type { FreshnessView } from './freshness-view';
import { type Words, wordFor } from './words';

function filterPart(t: Words, filter: QueueFilter, key: FilterKey, customerNames: string[]): string {
  if (key === 'severity') return filter.severities.map((each) => wordFor(t, 'severity', each)).join(', ');
  if (key === 'status') return filter.statuses.map((each) => wordFor(t, 'status', each)).join(', ');
  return customerNames.map(escapedText).join(', ');
}

/** Nobody is assigned: says whom to ask. */
export function NoAccess({ administrators }: { administrators: string[] }) {
  const t = useTranslations('incidents.queue.empty');
  return (
    <EmptyState>
      <p>{t('noAccess')}</p>
      {administrators.length > 0 ? <p>{t('ask', { names: administrators.join(', ') })}</p> : null}
    </EmptyState>
  );
}

/** Why there is no row: nothing there, filtered out, not complete, or still reading. Each reads differently. */
export function EmptyQueue({
  page,
  filter,
  narrowedBy,
  customerNames,
  nearestHref,
  freshness,
}: {
  page: QueuePage;
  filter: QueueFilter;
  /** The filters that are on. */
  narrowedBy: FilterKey[];
  /** Names of the customers that the filter asks for. */
  customerNames: string[];
  nearestHref: string | null;
  freshness: FreshnessView;
}) {
  const t = useTranslations('incidents');
  const format = useFormatter();
  const { currentCount, connectedCount } = page.freshness;
  const { nearest } = page;
  const isOnlyOpen = narrowedBy.join() === 'status' && filter.statuses.join() === 'open';
  const isFiltered = narrowedBy.length > 0 && !isOnlyOpen;
  const reading = freshness.behind.filter(({ shape }) => shape === 'quarter');
  if (filter.after) {
    return (
      <EmptyState>
        <p>{t('queue.empty.end')}</p>
      </EmptyState>
    );
  }
  const part = nearest ? filterPart(t, filter, nearest.key, customerNames) : '';
  return (
    <EmptyState
      action={
        nearestHref ? (
          <LinkButton href={nearestHref}>{t('queue.empty.showWithout', { filter: part })}</LinkButton>
        ) : undefined
      }
    >
      {connectedCount === 0 ? <p>{t('queue.empty.noneConnected')}</p> : null}
      {isFiltered && nearest ? (
        <p>
          {t('queue.empty.filtered', {
            count: `${format.number(nearest.count)}${nearest.capped ? '+' : ''}`,
            filter: part,
          })}
        </p>
      ) : null}
      {isFiltered && !nearest ? <p>{t('queue.empty.filteredNone')}</p> : null}
      {connectedCount > 0 && currentCount < connectedCount ? (
        <p>{t('queue.empty.partial', { current: currentCount, behind: connectedCount - currentCount })}</p>
      ) : null}
      {connectedCount > 0 && currentCount === connectedCount && !isFiltered ? (
        <p>
          {t(isOnlyOpen ? 'queue.empty.allCurrentOpen' : 'queue.empty.allCurrent', {
            current: currentCount,
            connected: connectedCount,
            time: freshness.clock,
          })}
        </p>
      ) : null}
      {reading.map((tenant) => (
        <p key={tenant.key}>{tenant.line}</p>
      ))}
    </EmptyState>
  );
}
