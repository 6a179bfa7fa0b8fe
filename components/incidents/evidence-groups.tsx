import { useTranslations } from 'next-intl';
import { CopyButton } from '@/components/ui/copy-button';
import { Disclosure } from '@/components/ui/disclosure';
import { EscapedText } from '@/components/ui/escaped-text';
import { StatusIcon, type StatusShape } from '@/components/ui/status-icon';
import type { Tone } from '@/components/ui/tone';
import type { Evidence } from '@/lib/incidents/detail';
import { FieldList } from './field-list';
import { kindView, wordFor } from './words';

const VERDICTS: Record<string, { shape: StatusShape; tone: Tone }> = {
  malicious: { shape: 'cross', tone: 'stopped' },
  suspicious: { shape: 'question', tone: 'late' },
  noThreatsFound: { shape: 'tick', tone: 'good' },
};

function Piece({ piece }: { piece: Evidence }) {
  const t = useTranslations('incidents');
  const copy = useTranslations('common');
  const { label, verdict, remediationStatus } = piece;
  const look = verdict && Object.hasOwn(VERDICTS, verdict) ? VERDICTS[verdict] : undefined;
  return (
    <li className="border-line border-t py-1.5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
        <div className="min-w-0 max-w-160 flex-1 basis-64">
          {label === null ? (
            <span className="text-muted">{t('detail.unlabelled')}</span>
          ) : (
            <EscapedText text={label} mono className="break-all" />
          )}
        </div>
        {verdict ? (
          <span className="inline-flex items-start gap-1">
            {look ? <StatusIcon {...look} className="mt-0.5" /> : null}
            <EscapedText text={wordFor(t, 'verdict', verdict)} />
          </span>
        ) : null}
        {remediationStatus ? <EscapedText text={wordFor(t, 'remediation', remediationStatus)} /> : null}
        {label === null ? null : (
          <CopyButton
            value={label}
            name={label.slice(0, 80)}
            label={copy('copy')}
            copiedLabel={copy('copied')}
            failedLabel={copy('copyFailed')}
            variant="quiet"
            className="-my-1 min-h-6 px-1.5 text-meta print:hidden"
          />
        )}
      </div>
      {piece.roles.length > 0 ? (
        <p className="text-meta text-muted">
          <EscapedText text={t('detail.roles', { roles: piece.roles.join(', ') })} />
        </p>
      ) : null}
      <Disclosure summary={<span className="text-meta text-muted">{t('detail.fields')}</span>}>
        <FieldList fields={piece.fields} />
      </Disclosure>
    </li>
  );
}

/** An alert's evidence by kind, in the order of first appearance; a kind that we don't know is shown with its own name. */
export function EvidenceGroups({ evidence }: { evidence: Evidence[] }) {
  const t = useTranslations('incidents');
  const groups = new Map<string, Evidence[]>();
  for (const piece of evidence) groups.set(piece.kind, [...(groups.get(piece.kind) ?? []), piece]);
  if (groups.size === 0) return <p className="text-muted">{t('detail.noEvidence')}</p>;
  return (
    <div className="space-y-3">
      {[...groups].map(([kind, pieces]) => {
        const { word, known } = kindView(t, kind);
        return (
          <section key={kind}>
            <h4 className="flex flex-wrap items-baseline gap-x-2 text-table">
              <span className={known ? 'font-semibold' : 'font-mono font-semibold'}>
                <EscapedText text={word} />
              </span>
              <span className="text-muted">{pieces.length}</span>
              {known ? null : <span className="text-meta text-muted">{t('detail.unrecognised')}</span>}
            </h4>
            <ul className="text-table">
              {pieces.map((piece) => (
                <Piece key={piece.ordinal} piece={piece} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
