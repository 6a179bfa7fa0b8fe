import type { ReactNode } from 'react';
import { classNames } from './class-names';

const LEVELS = {
  3: 'border-high bg-high text-on-high',
  2: 'border-medium bg-medium text-on-medium',
  1: 'border-low bg-low text-on-low',
  0: 'border-control text-muted',
} as const;

/** How grave something is, 3 the gravest; null when that is not known. */
export type ChipLevel = keyof typeof LEVELS | null;

/** Three bars of which `level` are filled: readable without colour. */
export function SeverityBars({ level }: { level: ChipLevel }) {
  if (level === null) return <span aria-hidden="true">?</span>;
  return (
    <svg viewBox="0 0 18 10" aria-hidden="true" className="h-2.5 w-4.5 shrink-0">
      {[0, 1, 2].map((bar) => (
        <rect
          key={bar}
          x={bar * 6 + 0.75}
          y={0.75}
          width={4}
          height={8.5}
          rx={0.75}
          fill={bar < level ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth={1.25}
        />
      ))}
    </svg>
  );
}

/** The saturated chip with its bars; nothing else on a page is filled like it. */
export function LevelChip({ level, children }: { level: ChipLevel; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-control border px-1.5 font-medium text-meta',
        LEVELS[level ?? 0],
      )}
    >
      <SeverityBars level={level} />
      {children}
    </span>
  );
}

/** A small outlined word: a tag, a technique, a filter that is on. `error` marks one that was not understood. */
export function Chip({ tone = 'plain', children }: { tone?: 'plain' | 'error'; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex min-h-5 max-w-full items-center gap-1 break-words rounded-control border px-1.5 text-meta',
        tone === 'error' ? 'border-stopped text-stopped' : 'border-control text-text',
      )}
    >
      {children}
    </span>
  );
}
