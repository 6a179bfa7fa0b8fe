'use client';
import { classNames } from '@/components/ui/class-names';
import { EscapedText } from '@/components/ui/escaped-text';
import { StatusIcon, StatusLabel } from '@/components/ui/status-icon';
import { TONE_TEXT } from '@/components/ui/tone';
import type { BehindView } from './freshness-view';
import { useLiveQueue } from './live-queue';

const PANEL = 'freshness-details';

function BehindList({ behind }: { behind: BehindView[] }) {
  return (
    <ul className="space-y-3">
      {behind.map((tenant) => (
        <li key={tenant.key} className="flex gap-2">
          <StatusIcon shape={tenant.shape} tone={tenant.tone} className="mt-0.5" />
          <div className="min-w-0">
            <p>
              <span className="sr-only">{tenant.state}: </span>
              <EscapedText text={tenant.line} className="font-medium" />
            </p>
            <p className="text-meta text-muted">{tenant.lastComplete}</p>
            {tenant.action ? <p className="text-meta">{tenant.action}</p> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}

/**
 * Whether the list is complete, always two lines high so that news never moves the rows: how many are current, and
 * below who is not, how late and why.
 */
export function FreshnessBar({ words }: { words: { details: string; detailsTitle: string } }) {
  const { freshness, lost } = useLiveQueue();
  const { behind } = freshness;
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3 text-table">
      <div className="min-w-0 flex-1">
        <p className="flex items-start gap-x-3 overflow-hidden whitespace-nowrap">
          <span className={classNames('inline-flex gap-1.5 font-medium', TONE_TEXT[lost ? 'late' : freshness.tone])}>
            <StatusIcon shape={lost ? 'clock' : freshness.shape} className="mt-0.5" />
            <span data-testid="freshness">{freshness.headline}</span>
          </span>
          {freshness.counts.map(({ key, text, ...look }) => (
            <span key={key} className="max-phone:hidden">
              <StatusLabel {...look}>{text}</StatusLabel>
            </span>
          ))}
        </p>
        <p className="truncate text-muted" role={lost ? 'alert' : undefined}>
          {lost ? (
            <span className="font-medium text-late">{lost}</span>
          ) : (
            <>
              {freshness.asOf}
              {behind.map((tenant) => (
                <span key={tenant.key} className="text-text">
                  <span aria-hidden="true"> · </span>
                  <EscapedText text={tenant.line} />
                </span>
              ))}
            </>
          )}
        </p>
      </div>
      {behind.length > 0 ? (
        <>
          <button
            type="button"
            popoverTarget={PANEL}
            className="link min-h-6 shrink-0 text-table pointer-coarse:min-h-11"
          >
            {words.details}
          </button>
          <div
            id={PANEL}
            popover="auto"
            className="fixed inset-auto top-26 right-4 m-0 max-h-[70vh] w-110 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-control border border-line bg-background p-4 text-text text-ui shadow-overlay"
          >
            <h2 className="mb-3 font-semibold">{words.detailsTitle}</h2>
            <BehindList behind={behind} />
          </div>
        </>
      ) : null}
    </div>
  );
}
