import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { StatusIcon, type StatusShape } from './status-icon';
import { TONE_TEXT, type Tone } from './tone';

const KINDS: Record<'info' | 'late' | 'error' | 'success', { shape: StatusShape; tone: Tone; border: string }> = {
  info: { shape: 'note', tone: 'accent', border: 'border-l-accent' },
  late: { shape: 'clock', tone: 'late', border: 'border-l-late' },
  error: { shape: 'cross', tone: 'stopped', border: 'border-l-stopped' },
  success: { shape: 'tick', tone: 'good', border: 'border-l-good' },
};

/**
 * What happened, what it means and who does what. An `error` that appears after an act is an alert; set `live` for
 * other notices that appear later. `code` is what support asks for.
 */
export function Notice({
  kind,
  title,
  children,
  code,
  live,
  className,
}: {
  kind: keyof typeof KINDS;
  title?: ReactNode;
  children?: ReactNode;
  code?: ReactNode;
  live?: boolean;
  className?: string;
}) {
  const { shape, tone, border } = KINDS[kind];
  return (
    <div
      role={kind === 'error' ? 'alert' : live ? 'status' : undefined}
      className={classNames(
        'flex gap-2 rounded-control border border-line border-l-4 bg-surface px-3 py-2 text-ui',
        border,
        className,
      )}
    >
      <StatusIcon shape={shape} className={classNames('mt-0.5', TONE_TEXT[tone])} />
      <div className="min-w-0 flex-1 space-y-1 break-words">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children}
        {code ? <p className="font-mono text-meta text-muted">{code}</p> : null}
      </div>
    </div>
  );
}
