'use client';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { onLiveNotice } from '@/components/shell/live-events';
import type { FreshnessView } from './freshness-view';
import type { LiveAnswer } from './live-answer';
import type { RowView } from './row-view';

const ASK_EVERY_MS = 10_000;
const OLD_AFTER_MS = 15_000;
const GATHER_MS = 300;
const SPEAK_EVERY_MS = 30_000;

export interface LiveRow extends RowView {
  /** Words beside the values that changed since the page was made. */
  changed: string | null;
  gone: boolean;
}

interface LiveState {
  freshness: FreshnessView;
  rows: LiveRow[];
  arrivals: LiveAnswer['arrivals'];
  /** A sentence while the page can't tell how things stand; null while it can. */
  lost: string | null;
  showNew: () => void;
}

const Live = createContext<LiveState | null>(null);

export function useLiveQueue(): LiveState {
  const state = useContext(Live);
  if (!state) throw new Error('Not inside a LiveQueue');
  return state;
}

/** Keys that were shown when new rows were asked for: the first other one gets the focus. */
let formerKeys: Set<string> | null = null;

/** Takes the keys that were shown before new rows came, once. */
export function takeFormerKeys(): Set<string> | null {
  const keys = formerKeys;
  formerKeys = null;
  return keys;
}

function isChanged(before: RowView, now: RowView): boolean {
  return (
    before.title !== now.title ||
    before.severity.word !== now.severity.word ||
    before.status.word !== now.status.word ||
    before.owner !== now.owner ||
    before.alertCount !== now.alertCount
  );
}

function merged(rows: RowView[], answer: LiveAnswer | null, former: LiveRow[]): LiveRow[] {
  if (!answer) return rows.map((row) => ({ ...row, changed: null, gone: false }));
  const byKey = new Map(answer.rows.map((row) => [row.key, row]));
  return rows.map((row, index) => {
    const now = byKey.get(row.key);
    const shown = former[index];
    if (!now) return { ...(shown ?? { ...row, changed: null }), gone: true };
    // Keeps the time of the change when later answers say the same.
    const same = shown && !isChanged(shown, now);
    return { ...now, gone: false, changed: same ? shown.changed : isChanged(row, now) ? answer.changed : null };
  });
}

/**
 * Keeps a made page true without moving it: asks every ten seconds, and at once when the server says that something
 * changed, for freshness, arrivals and the shown rows' values. Says so when no answer came for fifteen seconds.
 */
export function LiveQueue({
  freshness,
  rows,
  query,
  firstPageHref,
  isFirstPage,
  words,
  children,
}: {
  freshness: FreshnessView;
  rows: RowView[];
  /** Filters, shown rows and floor, as `/api/v1/queue` takes them. */
  query: string;
  firstPageHref: string;
  isFirstPage: boolean;
  /** Sentences with a `{time}` in them. */
  words: { lost: string; signedOut: string };
  children: ReactNode;
}) {
  const router = useRouter();
  const [made, setMade] = useState(rows);
  const [answer, setAnswer] = useState<LiveAnswer | null>(null);
  const [shown, setShown] = useState(() => merged(rows, null, []));
  const [lost, setLost] = useState<'lost' | 'signedOut' | null>(null);
  const [spoken, setSpoken] = useState('');
  const spokenAt = useRef(Number.NEGATIVE_INFINITY);
  // The server made the page anew: its rows replace everything that was learnt since the former ones.
  if (made !== rows) {
    setMade(rows);
    setAnswer(null);
    setShown(merged(rows, null, []));
    setLost(null);
  }

  useEffect(() => {
    let isStopped = false;
    let oldTimer: ReturnType<typeof setTimeout> | undefined;
    let gatherTimer: ReturnType<typeof setTimeout> | undefined;
    const expectAnswer = () => {
      clearTimeout(oldTimer);
      oldTimer = setTimeout(() => setLost('lost'), OLD_AFTER_MS);
    };
    const ask = async () => {
      if (document.hidden) return;
      try {
        const response = await fetch(`/api/v1/queue?${query}`, { signal: AbortSignal.timeout(ASK_EVERY_MS) });
        if (isStopped) return;
        if (response.status === 401) {
          clearTimeout(oldTimer);
          setLost('signedOut');
        }
        if (!response.ok) return;
        const next = (await response.json()) as LiveAnswer;
        if (isStopped) return;
        expectAnswer();
        setLost(null);
        setAnswer(next);
        setShown((former) => merged(rows, next, former));
        if (next.arrivals && performance.now() - spokenAt.current > SPEAK_EVERY_MS) {
          spokenAt.current = performance.now();
          setSpoken(next.arrivals.spoken);
        }
      } catch {
        // No answer: the timer says so to the reader, and the next round asks again.
      }
    };
    const askSoon = () => {
      clearTimeout(gatherTimer);
      gatherTimer = setTimeout(() => void ask(), GATHER_MS);
    };
    const onVisible = () => {
      clearTimeout(oldTimer);
      if (document.hidden) return;
      expectAnswer();
      void ask();
    };
    expectAnswer();
    const round = setInterval(() => void ask(), ASK_EVERY_MS);
    const stopNotices = onLiveNotice(askSoon);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      isStopped = true;
      clearInterval(round);
      clearTimeout(oldTimer);
      clearTimeout(gatherTimer);
      stopNotices();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [query, rows]);

  const current = answer?.freshness ?? freshness;
  const state = useMemo<LiveState>(
    () => ({
      freshness: current,
      rows: shown,
      arrivals: answer?.arrivals ?? null,
      lost: lost ? words[lost].replace('{time}', current.clock) : null,
      showNew: () => {
        formerKeys = new Set(shown.map(({ key }) => key));
        if (isFirstPage) router.refresh();
        else router.push(firstPageHref);
      },
    }),
    [current, shown, answer, lost, words, isFirstPage, firstPageHref, router],
  );
  return (
    <Live value={state}>
      <p role="status" className="sr-only">
        {spoken}
      </p>
      {children}
    </Live>
  );
}
