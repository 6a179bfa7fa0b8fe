import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { ArrivalsButton } from '@/components/incidents/arrivals-button';
import { EmptyQueue, NoAccess } from '@/components/incidents/empty-queue';
import { FilterForm } from '@/components/incidents/filter-form';
import { FreshnessBar } from '@/components/incidents/freshness-bar';
import { freshnessView } from '@/components/incidents/freshness-view';
import { LiveQueue } from '@/components/incidents/live-queue';
import { QueueTable } from '@/components/incidents/queue-table';
import { rowView } from '@/components/incidents/row-view';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { ZoneName } from '@/components/ui/time-text';
import { administratorNames } from '@/lib/access/people';
import { requirePermission } from '@/lib/access/session';
import { webEnv } from '@/lib/env';
import { cursorText } from '@/lib/incidents/cursor';
import {
  activeKeys,
  filterFrom,
  filterQuery,
  type QueueFilter,
  queueHref,
  SEVERITIES,
  type SearchParams,
  STATUSES,
} from '@/lib/incidents/filter';
import { type QueuePage, readQueue } from '@/lib/incidents/queries';
import { rowKeyText } from '@/lib/incidents/shown-rows';

const SEVERITIES_OFFERED = SEVERITIES.filter((severity) => severity !== 'unknown');

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('incidents'))('title') };
}

/** What a browser sends to learn what changed: the filters, the rows it shows, and where they end. */
function liveQuery(page: QueuePage, filter: QueueFilter): string {
  // Deeper in the list, arrivals are what came since this page was made.
  const floor = filter.after ? { arrivedAtMs: page.freshness.asOf.getTime(), seq: 0n } : page.next;
  return [
    filterQuery(filter),
    `rows=${page.rows.map(rowKeyText).join(',')}`,
    ...(floor ? [`floor=${cursorText(floor)}`] : []),
  ].join('&');
}

export default async function IncidentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requirePermission('incident.read');
  const params = await searchParams;
  // What analysts work on; shared links always carry it, so that they never change meaning.
  if (Object.keys(params).every((key) => key === 'lang')) redirect('/incidents?status=open');
  const parsed = filterFrom(params);
  if (!parsed.ok) notFound();
  const { filter } = parsed;
  const page = await readQueue(actor, filter, webEnv().syncIntervalMs);
  if (!page.ok) notFound();

  const t = await getTranslations('incidents');
  const common = await getTranslations('common');
  if (page.tenants.length === 0) {
    return (
      <>
        <PageHeader title={t('title')} />
        <NoAccess administrators={await administratorNames()} />
      </>
    );
  }
  const format = await getFormatter();
  const { asOf } = page.freshness;
  const freshness = freshnessView(t, format, page.freshness, page.readSoFar);
  const firstPageHref = queueHref({ ...filter, after: null });
  const { total } = page;
  return (
    <LiveQueue
      freshness={freshness}
      rows={page.rows.map((row) => rowView(t, format, row, asOf))}
      query={liveQuery(page, filter)}
      firstPageHref={firstPageHref}
      isFirstPage={filter.after === null}
      words={{ lost: String(t.raw('freshness.lost')), signedOut: String(t.raw('freshness.signedOut')) }}
    >
      <div className="sticky top-0 z-10 flex h-14 items-center gap-x-6 border-line border-b bg-background">
        <h1 className="text-section max-card:sr-only">{t('title')}</h1>
        <FreshnessBar words={{ details: t('freshness.details'), detailsTitle: t('freshness.detailsTitle') }} />
        <ArrivalsButton />
      </div>
      <FilterForm filter={filter} tenants={page.tenants} severities={SEVERITIES_OFFERED} statuses={STATUSES} />
      {page.rows.length === 0 ? (
        <EmptyQueue
          page={page}
          filter={filter}
          narrowedBy={activeKeys(filter)}
          customerNames={page.tenants
            .filter(({ slug }) => filter.customers.includes(slug))
            .map(({ customerName }) => customerName)}
          nearestHref={page.nearest ? queueHref(page.nearest.filter) : null}
          freshness={freshness}
        />
      ) : (
        <>
          <p className="flex flex-wrap justify-between gap-x-4 py-2 text-meta text-muted">
            <span>
              {total.capped
                ? t('queue.countMore', { count: format.number(total.count) })
                : t('queue.count', { count: total.count })}
            </span>
            <a href="#after-table" className="link sr-only focus:not-sr-only">
              {t('queue.skipTable')}
            </a>
          </p>
          <QueueTable
            locale={await getLocale()}
            nowMs={asOf.getTime()}
            words={{
              caption: t('queue.caption'),
              severity: t('severity.label'),
              incident: t('queue.columns.incident'),
              customer: t('queue.columns.customer'),
              status: t('status.label'),
              owner: t('queue.columns.owner'),
              source: t('queue.columns.source'),
              alerts: t('queue.columns.alerts'),
              arrived: (
                <>
                  {t('queue.columns.arrived')} (<ZoneName />)
                </>
              ),
              unassigned: t('queue.unassigned'),
              noLongerMatches: t('queue.noLongerMatches'),
              gone: t('queue.gone'),
            }}
          />
        </>
      )}
      <div id="after-table" tabIndex={-1}>
        <Pagination
          label={common('pages')}
          first={filter.after ? { href: firstPageHref, label: common('firstPage') } : null}
          next={page.next ? { href: queueHref({ ...filter, after: page.next }), label: common('nextPage') } : null}
        />
      </div>
    </LiveQueue>
  );
}
