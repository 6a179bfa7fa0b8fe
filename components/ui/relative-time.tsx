'use client';
import { useEffect, useState } from 'react';

const TICK_MS = 10_000;
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all the times on a page. */
function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The distance from `nowMs` to `atMs` in the largest unit that fits, in words of the language. */
export function relativeWords(
  atMs: number,
  nowMs: number,
  locale: string,
  style: Intl.RelativeTimeFormatStyle = 'short',
): string {
  const distance = atMs - nowMs;
  const [unit, unitMs] = STEPS.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1_000];
  // In French, `narrow` is a bare minus sign.
  const fitting = style === 'narrow' && locale.startsWith('fr') ? 'short' : style;
  return new Intl.RelativeTimeFormat(locale, { style: fitting, numeric: 'always' }).format(
    Math.trunc(distance / unitMs) || -0,
    unit,
  );
}

/**
 * How long ago, counted on by the browser from the server's clock: `nowMs` is the server's time when the page was made,
 * so that a wrong clock on a desk does no harm.
 */
export function RelativeTime({
  atMs,
  nowMs,
  locale,
  style = 'short',
}: {
  atMs: number;
  nowMs: number;
  locale: string;
  style?: Intl.RelativeTimeFormatStyle;
}) {
  const [elapsedMs, setElapsedMs] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `nowMs` starts the count anew
  useEffect(() => {
    const started = performance.now();
    setElapsedMs(0);
    return onTick(() => setElapsedMs(performance.now() - started));
  }, [nowMs]);
  // Node's and the browser's words may differ in a space, depending on their ICU; the difference is harmless.
  return <span suppressHydrationWarning>{relativeWords(atMs, nowMs + elapsedMs, locale, style)}</span>;
}
