import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { TONE_TEXT, type Tone } from './tone';

const STROKE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, strokeLinecap: 'round' as const };

const SHAPES = {
  dot: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5" {...STROKE} />
      <path d="M8 3a5 5 0 0 0 0 10z" fill="currentColor" />
    </>
  ),
  quarter: (
    <>
      <circle cx="8" cy="8" r="5" {...STROKE} />
      <path d="M8 8V3a5 5 0 0 1 5 5z" fill="currentColor" />
    </>
  ),
  ring: <circle cx="8" cy="8" r="5" {...STROKE} />,
  tick: <path d="m3 8.5 3.2 3.3L13 4.5" {...STROKE} strokeLinejoin="round" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" {...STROKE} />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" {...STROKE} />
      <path d="M8 4.8V8l2.2 1.4" {...STROKE} strokeLinejoin="round" />
    </>
  ),
  arrow: <path d="M3 4v3.5A2.5 2.5 0 0 0 5.5 10H13m0 0-3-3m3 3-3 3" {...STROKE} strokeLinejoin="round" />,
  hourglass: (
    <path
      d="M4.5 2.500h7M4.5 13.500h7M5 2.800c0 3 3 3.7 3 5.200s-3 2.2-3 5.200M11 2.800c0 3-3 3.7-3 5.200s3 2.2 3 5.2"
      {...STROKE}
    />
  ),
  square: <rect x="3.5" y="3.5" width="9" height="9" {...STROKE} />,
  question: (
    <>
      <path d="M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.3-1 .8-1 1.5" {...STROKE} />
      <circle cx="8" cy="12" r="1" fill="currentColor" />
    </>
  ),
  note: (
    <>
      <circle cx="8" cy="4.3" r="1" fill="currentColor" />
      <path d="M8 7.200v4.8" {...STROKE} />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type StatusShape = keyof typeof SHAPES;

/** A shape that repeats what the word beside it says, so that colour is never needed. Hidden from screen readers. */
export function StatusIcon({ shape, tone, className }: { shape: StatusShape; tone?: Tone; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      className={classNames('inline-block size-4 shrink-0', tone && TONE_TEXT[tone], className)}
    >
      {SHAPES[shape]}
    </svg>
  );
}

/** A shape and its word. */
export function StatusLabel({ shape, tone, children }: { shape: StatusShape; tone: Tone; children: ReactNode }) {
  return (
    <span className={classNames('inline-flex items-start gap-1.5 align-top', TONE_TEXT[tone])}>
      <StatusIcon shape={shape} className="mt-0.5" />
      <span>{children}</span>
    </span>
  );
}
