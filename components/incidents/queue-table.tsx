'use client';
import Link from 'next/link';
import { type ReactNode, useEffect, useRef } from 'react';
import { onKeys } from '@/components/shell/key-presses';
import { LevelChip } from '@/components/ui/chip';
import { classNames } from '@/components/ui/class-names';
import { EscapedText } from '@/components/ui/escaped-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusLabel } from '@/components/ui/status-icon';
import { type LiveRow, takeFormerKeys, useLiveQueue } from './live-queue';

export interface QueueTableWords {
  caption: string;
  severity: string;
  incident: string;
  customer: string;
  status: string;
  owner: string;
  source: string;
  alerts: string;
  arrived: ReactNode;
  unassigned: string;
  noLongerMatches: string;
  gone: string;
}

const LINK = 'a[data-incident]';

function rowLinks(table: HTMLTableElement | null): HTMLAnchorElement[] {
  return [...(table?.querySelectorAll<HTMLAnchorElement>(LINK) ?? [])];
}

function focusBy(table: HTMLTableElement | null, step: 1 | -1): void {
  const links = rowLinks(table);
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

const HEAD =
  'sticky top-14 z-10 h-9 border-line border-b bg-background px-2 text-left font-medium text-meta text-muted';
const CELL = 'px-2 py-1.5 align-top card:border-line card:border-b';

function Row({ row, words, locale, nowMs }: { row: LiveRow; words: QueueTableWords; locale: string; nowMs: number }) {
  return (
    <tr
      className={classNames(
        'focus-within:bg-selected hover:bg-hover max-card:grid max-card:grid-cols-[auto_minmax(0,1fr)_auto] max-card:border-line max-card:border-b max-card:py-1',
        row.gone && 'text-muted',
      )}
    >
      <td className={CELL}>
        <LevelChip level={row.severity.level}>{row.severity.word}</LevelChip>
      </td>
      <td className={classNames(CELL, 'max-card:order-3 max-card:col-span-3')}>
        <Link
          data-incident={row.key}
          href={row.href}
          // Opening is an act that is recorded; looking at the list is not.
          prefetch={false}
          className="font-medium text-text hover:underline focus-visible:underline max-card:text-ui"
        >
          <EscapedText text={row.title} />
        </Link>
        <p className="text-meta text-muted">
          <span className="font-mono">{row.number}</span>
          <span className="wide:hidden">
            {row.sources ? ` · ${row.sources}` : ''} · {row.alerts}
          </span>
          {row.techniques ? ` · ${row.techniques}` : ''}
          {row.gone || !row.matches ? (
            <>
              {' · '}
              <span className="text-late">{row.gone ? words.gone : words.noLongerMatches}</span>
            </>
          ) : null}
        </p>
      </td>
      <td className={classNames(CELL, 'min-w-0 max-card:order-1')}>
        <EscapedText text={row.customer} />
      </td>
      <td className={classNames(CELL, 'max-card:order-4 max-card:col-span-2')}>
        <StatusLabel shape={row.status.shape} tone={row.status.tone}>
          <EscapedText text={row.status.word} />
        </StatusLabel>
        {row.changed ? <p className="text-meta text-muted">{row.changed}</p> : null}
      </td>
      <td className={classNames(CELL, 'min-w-0 max-card:order-5 max-card:text-right')}>
        {row.owner ? <EscapedText text={row.owner} /> : <span className="text-muted">{words.unassigned}</span>}
      </td>
      <td className={classNames(CELL, 'max-wide:hidden')}>{row.sources}</td>
      <td className={classNames(CELL, 'text-right max-wide:hidden')}>{row.alertCount}</td>
      <td className={classNames(CELL, 'card:whitespace-nowrap max-card:order-2 max-card:text-right')}>
        <time dateTime={row.arrivedIso}>
          <RelativeTime atMs={row.arrivedAtMs} nowMs={nowMs} locale={locale} style="narrow" />
          <span className="block text-meta text-muted">{row.arrived}</span>
        </time>
      </td>
    </tr>
  );
}

/** The queue: rows stay where they are, their values follow Defender. `j` and `k` walk the titles. */
export function QueueTable({ words, locale, nowMs }: { words: QueueTableWords; locale: string; nowMs: number }) {
  const { rows } = useLiveQueue();
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => onKeys({ j: () => focusBy(table.current, 1), k: () => focusBy(table.current, -1) }), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at anew whenever the server made the page
  useEffect(() => {
    const former = takeFormerKeys();
    if (!former) return;
    const link = rowLinks(table.current).find(({ dataset }) => !former.has(dataset['incident'] ?? ''));
    link?.focus();
  }, [nowMs]);
  return (
    <table ref={table} className="w-full border-collapse text-table max-card:block">
      <caption className="sr-only">{words.caption}</caption>
      <thead className="max-card:sr-only">
        <tr>
          <th scope="col" className={classNames(HEAD, 'w-28')}>
            {words.severity}
          </th>
          <th scope="col" className={HEAD}>
            {words.incident}
          </th>
          <th scope="col" className={classNames(HEAD, 'w-40')}>
            {words.customer}
          </th>
          <th scope="col" className={classNames(HEAD, 'w-34')}>
            {words.status}
          </th>
          <th scope="col" className={classNames(HEAD, 'w-32')}>
            {words.owner}
          </th>
          <th scope="col" className={classNames(HEAD, 'w-28 max-wide:hidden')}>
            {words.source}
          </th>
          <th scope="col" className={classNames(HEAD, 'w-16 text-right max-wide:hidden')}>
            {words.alerts}
          </th>
          <th scope="col" className={classNames(HEAD, 'w-28')}>
            {words.arrived}
          </th>
        </tr>
      </thead>
      <tbody className="max-card:block">
        {rows.map((row) => (
          <Row key={row.key} row={row} words={words} locale={locale} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}
