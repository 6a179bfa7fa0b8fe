import { useTranslations } from 'next-intl';
import { Chip, LevelChip } from '@/components/ui/chip';
import { EscapedText } from '@/components/ui/escaped-text';
import { type Fact, Facts } from '@/components/ui/facts';
import { StatusLabel } from '@/components/ui/status-icon';
import { TimeText } from '@/components/ui/time-text';
import type { IncidentFacts as FactsOfIncident } from '@/lib/incidents/detail';
import type { FreshnessView } from './freshness-view';
import { MicrosoftTime } from './microsoft-time';
import { productName, severityView, statusView, wordFor } from './words';

/** Severity, status, owner and classification: the line that is read first. */
export function IncidentLine({ facts }: { facts: FactsOfIncident }) {
  const t = useTranslations('incidents');
  const severity = severityView(t, facts.severity);
  const status = statusView(t, facts.status);
  const isClassified = facts.classification !== null && facts.classification !== 'unknown';
  const isDetermined = facts.determination !== null && facts.determination !== 'unknown';
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
      <LevelChip level={severity.level}>{severity.word}</LevelChip>
      <StatusLabel shape={status.shape} tone={status.tone}>
        <EscapedText text={status.word} />
      </StatusLabel>
      <span>
        <span className="text-muted">{t('detail.owner')} </span>
        {facts.assignedTo ? <EscapedText text={facts.assignedTo} /> : t('detail.notAssigned')}
      </span>
      <span>
        {isClassified ? (
          <EscapedText text={wordFor(t, 'classification', facts.classification ?? '')} />
        ) : (
          t('classification.none')
        )}
        {isDetermined ? (
          <>
            <span aria-hidden="true"> · </span>
            <EscapedText text={wordFor(t, 'determination', facts.determination ?? '')} />
          </>
        ) : null}
      </span>
    </div>
  );
}

function Texts({ texts }: { texts: string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {texts.map((text) => (
        <Chip key={text}>
          <EscapedText text={text} />
        </Chip>
      ))}
    </span>
  );
}

/** All the rest that is known of the incident itself; what Microsoft left empty is left out. */
export function IncidentFactList({ facts, freshness }: { facts: FactsOfIncident; freshness: FreshnessView }) {
  const t = useTranslations('incidents');
  const tags = [...facts.customTags, ...facts.systemTags];
  const list: Fact[] = [
    { key: 'created', label: t('detail.created'), value: <MicrosoftTime text={facts.createdText} /> },
    { key: 'arrived', label: t('detail.arrived'), value: <TimeText at={facts.arrivedAt} precision="second" /> },
    { key: 'updated', label: t('detail.updated'), value: <MicrosoftTime text={facts.lastUpdateText} /> },
    {
      key: 'read',
      label: t('detail.read'),
      value: (
        <StatusLabel shape={freshness.shape} tone={freshness.tone}>
          <span className="text-text">
            <TimeText at={facts.readAt} precision="second" />
          </span>
        </StatusLabel>
      ),
    },
    ...(facts.lastModifiedBy
      ? [{ key: 'by', label: t('detail.updatedBy'), value: <EscapedText text={facts.lastModifiedBy} /> }]
      : []),
    ...(facts.serviceSources.length
      ? [
          {
            key: 'source',
            label: t('detail.source'),
            value: <EscapedText text={facts.serviceSources.map(productName).join(', ')} />,
          },
        ]
      : []),
    ...(facts.categories.length
      ? [
          {
            key: 'categories',
            label: t('detail.categories'),
            value: <EscapedText text={facts.categories.join(', ')} />,
          },
        ]
      : []),
    ...(tags.length ? [{ key: 'tags', label: t('detail.tags'), value: <Texts texts={[...new Set(tags)]} /> }] : []),
    ...(facts.priorityScore === null
      ? []
      : [{ key: 'priority', label: t('detail.priority'), value: facts.priorityScore }]),
  ];
  const prose = (
    [
      ['summary', facts.summary],
      ['description', facts.description],
      ['resolvingComment', facts.resolvingComment],
    ] as const
  ).filter(([, text]) => text);
  return (
    <div className="space-y-4 py-4">
      <Facts facts={list} />
      {prose.map(([key, text]) => (
        <div key={key} className="max-w-prose">
          <p className="text-meta text-muted">{t(`detail.${key}`)}</p>
          <p>
            <EscapedText text={text ?? ''} lines />
          </p>
        </div>
      ))}
    </div>
  );
}
