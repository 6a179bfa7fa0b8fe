import { useTranslations } from 'next-intl';
import { OutsideLinkButton } from '@/components/ui/button';
import { Chip, LevelChip } from '@/components/ui/chip';
import { Disclosure } from '@/components/ui/disclosure';
import { EscapedText } from '@/components/ui/escaped-text';
import { type Fact, Facts } from '@/components/ui/facts';
import { StatusLabel } from '@/components/ui/status-icon';
import type { Alert } from '@/lib/incidents/detail';
import { EvidenceGroups } from './evidence-groups';
import { MicrosoftTime } from './microsoft-time';
import { productName, severityView, statusView, wordFor } from './words';

/** Microsoft writes `unknown` for what nobody has set. */
const settled = (value: string | null) => value !== null && value !== 'unknown';

function factsOf(t: ReturnType<typeof useTranslations<'incidents'>>, alert: Alert): Fact[] {
  const text = (key: string, label: string, value: string | null): Fact[] =>
    value ? [{ key, label, value: <EscapedText text={value} /> }] : [];
  return [
    ...text('category', t('detail.category'), alert.category),
    ...text('source', t('detail.source'), alert.serviceSource ? productName(alert.serviceSource) : null),
    ...text('detection', t('detail.detection'), alert.detectionSource ? productName(alert.detectionSource) : null),
    ...text('product', t('detail.product'), alert.productName),
    ...text('owner', t('detail.owner'), alert.assignedTo),
    ...text(
      'classification',
      t('classification.label'),
      settled(alert.classification) ? wordFor(t, 'classification', alert.classification ?? '') : null,
    ),
    ...text(
      'determination',
      t('determination.label'),
      settled(alert.determination) ? wordFor(t, 'determination', alert.determination ?? '') : null,
    ),
    ...text('investigation', t('detail.investigation'), alert.investigationState),
    ...text('threat', t('detail.threat'), alert.threatDisplayName),
    ...text('actor', t('detail.actor'), alert.actorDisplayName),
  ];
}

/** One alert: its line always, the whole of it on demand. */
export function AlertCard({ alert, open, defenderHref }: { alert: Alert; open: boolean; defenderHref: string | null }) {
  const t = useTranslations('incidents');
  const severity = severityView(t, alert.severity);
  const status = statusView(t, alert.status);
  return (
    <li className="border-line border-t py-2">
      <Disclosure
        open={open}
        summary={
          <span className="flex flex-wrap items-start gap-x-3 gap-y-1">
            <LevelChip level={severity.level}>{severity.word}</LevelChip>
            <h3 className="min-w-0 flex-1 basis-64 font-semibold text-ui">
              <EscapedText text={alert.title} />
            </h3>
            <StatusLabel shape={status.shape} tone={status.tone}>
              <EscapedText text={status.word} />
            </StatusLabel>
            {alert.createdText ? (
              <span className="text-muted">
                <MicrosoftTime text={alert.createdText} relative={false} />
              </span>
            ) : null}
          </span>
        }
      >
        <div className="space-y-4 py-2">
          {alert.description ? (
            <p className="max-w-prose">
              <EscapedText text={alert.description} lines />
            </p>
          ) : null}
          <Facts facts={factsOf(t, alert)} />
          {alert.mitreTechniques.length > 0 ? (
            <p className="flex flex-wrap gap-1">
              {alert.mitreTechniques.map((technique) => (
                <Chip key={technique}>
                  <EscapedText text={technique} mono />
                </Chip>
              ))}
            </p>
          ) : null}
          <EvidenceGroups evidence={alert.evidence} />
          {alert.recommendedActions ? (
            <Disclosure summary={t('detail.recommended')}>
              <p className="max-w-prose text-table">
                <EscapedText text={alert.recommendedActions} lines />
              </p>
            </Disclosure>
          ) : null}
          {defenderHref ? (
            <OutsideLinkButton href={defenderHref} className="print:hidden">
              {t('detail.openInDefender')}
            </OutsideLinkButton>
          ) : null}
        </div>
      </Disclosure>
    </li>
  );
}
