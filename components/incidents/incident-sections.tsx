import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { EscapedText } from '@/components/ui/escaped-text';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/page-header';
import type { Alert, IncidentFacts, RawAlert } from '@/lib/incidents/detail';
import { AlertCard } from './alert-card';
import { indented } from './indented-json';
import { MicrosoftTime } from './microsoft-time';
import { OpenAllKey } from './open-all-key';

/** The alerts, gravest first and open; a list that is not whole says so. */
export function AlertsSection({
  facts,
  alerts,
  allHref,
  defenderHrefs,
}: {
  facts: IncidentFacts;
  alerts: Alert[];
  allHref: string;
  /** By alert id; an alert without an allowed address has none. */
  defenderHrefs: Map<string, string>;
}) {
  const t = useTranslations('incidents.detail');
  return (
    <Section id="alerts" title={t('alertsCount', { count: facts.alertCount })}>
      {facts.alertsState === 'pending' ? <Notice kind="late">{t('alertsPending')}</Notice> : null}
      {facts.alertsState === 'failed' ? (
        <Notice kind="late">
          <EscapedText
            text={
              facts.alertsFailure === 'QUARANTINED'
                ? t('alertsQuarantined')
                : t('alertsFailed', { reason: facts.alertsFailure ?? '' })
            }
          />
        </Notice>
      ) : null}
      {alerts.length === 0 && facts.alertsState === 'complete' ? <p className="text-muted">{t('noAlerts')}</p> : null}
      <ul>
        {alerts.map((alert, index) => (
          <AlertCard
            key={alert.id}
            alert={alert}
            open={index === 0}
            defenderHref={defenderHrefs.get(alert.id) ?? null}
          />
        ))}
      </ul>
      <OpenAllKey within="alerts" />
      {alerts.length < facts.alertCount && alerts.length > 0 ? (
        <div className="flex flex-wrap items-center gap-3 border-line border-t py-3">
          <span className="text-muted">{t('moreAlerts', { shown: alerts.length, count: facts.alertCount })}</span>
          <LinkButton href={allHref} prefetch={false}>
            {t('allAlerts')}
          </LinkButton>
        </div>
      ) : null}
    </Section>
  );
}

/** The techniques that the incident names, with how many of the shown alerts name each. */
export function TechniquesSection({ techniques, alerts }: { techniques: string[]; alerts: Alert[] }) {
  const t = useTranslations('incidents.detail');
  return (
    <Section id="techniques" title={t('techniquesCount', { count: techniques.length })}>
      {techniques.length === 0 ? <p className="text-muted">{t('noTechniques')}</p> : null}
      <ul className="flex flex-wrap gap-x-6 gap-y-1">
        {techniques.map((technique) => {
          const count = alerts.filter(({ mitreTechniques }) => mitreTechniques.includes(technique)).length;
          return (
            <li key={technique}>
              <EscapedText text={technique} mono />
              {count > 0 ? <span className="text-muted"> {t('techniqueIn', { count })}</span> : null}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** What people wrote on the incident in Defender. */
export function CommentsSection({ comments }: { comments: IncidentFacts['comments'] }) {
  const t = useTranslations('incidents.detail');
  return (
    <Section id="comments" title={t('commentsCount', { count: comments.length })}>
      {comments.length === 0 ? <p className="text-muted">{t('noComments')}</p> : null}
      <ul>
        {comments.map((comment) => (
          <li key={`${comment.createdText} ${comment.author} ${comment.text}`} className="border-line border-t py-2">
            <p className="text-meta text-muted">
              <EscapedText text={comment.author ?? t('unknownAuthor')} />
              {comment.createdText ? (
                <>
                  <span aria-hidden="true"> · </span>
                  <MicrosoftTime text={comment.createdText} />
                </>
              ) : null}
            </p>
            <p className="max-w-prose">
              <EscapedText text={comment.text} lines />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Json({ text }: { text: string }) {
  return (
    <pre className="rounded-control border border-line bg-surface p-3 font-mono text-meta">
      <EscapedText text={indented(text)} lines className="break-all" />
    </pre>
  );
}

/** The records as they were received: the incident's at hand, those of its alerts when asked for. */
export function RawSection({
  incidentId,
  raw,
  rawAlerts,
  alertsHref,
}: {
  incidentId: string;
  raw: string | null;
  rawAlerts: RawAlert[] | null;
  alertsHref: string;
}) {
  const t = useTranslations('incidents.detail');
  return (
    <Section id="raw" title={t('raw')}>
      {raw === null ? (
        <p className="text-muted">{t('rawMissing')}</p>
      ) : (
        <Disclosure summary={<EscapedText text={t('rawIncident', { id: incidentId })} />}>
          <Json text={raw} />
        </Disclosure>
      )}
      {rawAlerts?.map((alert) => (
        <Disclosure key={alert.id} summary={<EscapedText text={t('rawAlert', { title: alert.title })} />}>
          <Json text={alert.raw} />
        </Disclosure>
      ))}
      {rawAlerts === null ? (
        <LinkButton href={alertsHref} prefetch={false} className="mt-2 print:hidden">
          {t('rawAlertsShow')}
        </LinkButton>
      ) : null}
    </Section>
  );
}
