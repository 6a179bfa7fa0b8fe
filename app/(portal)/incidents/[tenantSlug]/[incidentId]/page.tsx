import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getFormatter, getTranslations } from 'next-intl/server';
import { freshnessView } from '@/components/incidents/freshness-view';
import { IncidentFactList, IncidentLine } from '@/components/incidents/incident-facts';
import {
  AlertsSection,
  CommentsSection,
  RawSection,
  TechniquesSection,
} from '@/components/incidents/incident-sections';
import { LinkButton, OutsideLinkButton } from '@/components/ui/button';
import { escapedText } from '@/components/ui/escaped-parts';
import { EscapedText } from '@/components/ui/escaped-text';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { requirePermission } from '@/lib/access/session';
import { webEnv } from '@/lib/env';
import { openIncident } from '@/lib/incidents/commands';
import { defenderLink } from '@/lib/incidents/deep-link';
import type { IncidentFacts } from '@/lib/incidents/detail';
import type { SearchParams } from '@/lib/incidents/filter';

interface Props {
  params: Promise<{ tenantSlug: string; incidentId: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  // The title is read once, with its audit row, by the page; the id alone names the tab.
  const { incidentId } = await params;
  return { title: `#${escapedText(decoded(incidentId)).slice(0, 40)}` };
}

/** A part of the path as it was meant; empty, which names nothing, when it is no such thing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The address of this page with these switches on. */
function hrefWith(path: string, on: Record<string, string | null>, anchor: string): string {
  const query = Object.entries(on)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&');
  return `${path}${query ? `?${query}` : ''}#${anchor}`;
}

async function MergeNotice({
  facts,
  path,
  from,
  survivorId,
}: {
  facts: IncidentFacts;
  path: string;
  from: string | null;
  survivorId: string | null;
}) {
  const t = await getTranslations('incidents.detail');
  if (facts.redirectIncidentId !== null) {
    const to = survivorId ?? facts.redirectIncidentId;
    return (
      <Notice kind="info">
        <EscapedText text={t(survivorId === null ? 'mergedUnknown' : 'mergedHere', { to })} />
        {survivorId === null ? null : (
          <p>
            <LinkButton
              prefetch={false}
              href={`${path.slice(0, path.lastIndexOf('/'))}/${encodeURIComponent(survivorId)}`}
            >
              <EscapedText text={t('openSurvivor', { to: survivorId })} />
            </LinkButton>
          </p>
        )}
      </Notice>
    );
  }
  if (from === null) return null;
  return (
    <Notice kind="info">
      <EscapedText text={t('followed', { from, to: facts.id })} />
      <p>
        <LinkButton
          prefetch={false}
          href={`${path.slice(0, path.lastIndexOf('/'))}/${encodeURIComponent(from)}?merged=show`}
        >
          <EscapedText text={t('showMerged', { id: from })} />
        </LinkButton>
      </p>
    </Notice>
  );
}

const oneOf = (value: string | string[] | undefined) => (typeof value === 'string' ? value : null);

export default async function IncidentPage({ params, searchParams }: Props) {
  const actor = await requirePermission('incident.read');
  const { tenantSlug, incidentId } = await params;
  const query = await searchParams;
  const id = decoded(incidentId);
  const allAlerts = query['alerts'] === 'all';
  const withRawAlerts = query['raw'] === 'alerts';
  const { syncIntervalMs, cloud } = webEnv();
  const found = await openIncident(
    actor,
    { slug: tenantSlug, id, allAlerts, withRawAlerts, evenIfMerged: query['merged'] === 'show' },
    syncIntervalMs,
  );
  if (!found) notFound();
  if (found.kind === 'merged') {
    redirect(`/incidents/${tenantSlug}/${encodeURIComponent(found.survivorId)}?from=${encodeURIComponent(id)}`);
  }
  const { facts, alerts, tenant } = found;
  const t = await getTranslations('incidents');
  const freshness = freshnessView(t, await getFormatter(), found.freshness, {});
  const path = `/incidents/${tenant.slug}/${encodeURIComponent(facts.id)}`;
  const merged = oneOf(query['merged']) === 'show' ? 'show' : null;
  const linkOf = (webUrl: string | null) => defenderLink(webUrl, cloud.defenderPortalHosts, tenant.entraTenantId);
  const defenderHref = linkOf(facts.webUrl);
  const [behind] = freshness.behind;
  return (
    <>
      <PageHeader
        back={{ href: '/incidents?status=open', label: t('detail.back') }}
        title={<EscapedText text={facts.title} />}
        meta={
          <>
            <span className="font-mono">#{facts.id}</span>
            <span aria-hidden="true"> · </span>
            <EscapedText text={tenant.customerName} />
          </>
        }
        actions={
          defenderHref ? (
            <OutsideLinkButton href={defenderHref}>{t('detail.openInDefender')}</OutsideLinkButton>
          ) : undefined
        }
      />
      <div className="space-y-3">
        <MergeNotice facts={facts} path={path} from={oneOf(query['from'])} survivorId={found.survivorId} />
        {behind ? (
          <Notice kind="late">
            <EscapedText text={t('detail.behind', { cause: behind.line })} />
          </Notice>
        ) : null}
        <IncidentLine facts={facts} />
      </div>
      <IncidentFactList facts={facts} freshness={freshness} />
      <nav aria-label={t('detail.sections')} className="flex flex-wrap gap-x-4 border-line border-y py-2 print:hidden">
        <a href="#alerts" className="link min-h-6">
          {t('detail.alertsCount', { count: facts.alertCount })}
        </a>
        <a href="#techniques" className="link min-h-6">
          {t('detail.techniquesCount', { count: facts.mitreTechniques.length })}
        </a>
        <a href="#comments" className="link min-h-6">
          {t('detail.commentsCount', { count: facts.comments.length })}
        </a>
        <a href="#raw" className="link min-h-6">
          {t('detail.raw')}
        </a>
      </nav>
      <AlertsSection
        facts={facts}
        alerts={alerts}
        allHref={hrefWith(path, { alerts: 'all', raw: withRawAlerts ? 'alerts' : null, merged }, 'alerts')}
        defenderHrefs={
          new Map(
            alerts.flatMap(({ id: alertId, webUrl }) => {
              const href = linkOf(webUrl);
              return href ? [[alertId, href] as const] : [];
            }),
          )
        }
      />
      <TechniquesSection techniques={facts.mitreTechniques} alerts={alerts} />
      <CommentsSection comments={facts.comments} />
      <RawSection
        incidentId={facts.id}
        raw={found.raw}
        rawAlerts={found.rawAlerts}
        alertsHref={hrefWith(path, { alerts: allAlerts ? 'all' : null, raw: 'alerts', merged }, 'raw')}
      />
    </>
  );
}
