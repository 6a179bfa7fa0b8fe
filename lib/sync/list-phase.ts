/** Reads the list of incidents from the run's position to its end, each page committed with the position behind it. */
import { announceChange } from '@/lib/db/changes';
import { asTenantWorker, isDatabaseUnreachable } from '@/lib/db/client';
import { isAppError } from '@/lib/errors';
import { log } from '@/lib/log';
import { isMicrosoftError, MicrosoftError } from '@/lib/microsoft/errors';
import { type GraphSession, PAGE_SIZE, SKIP_MAX, type WirePage, type WireRecord } from '@/lib/microsoft/graph';
import { textOfTicks, ticksOf } from '@/lib/ticks';
import { advanced, type Position, positionAfter, startOfRound } from './cursor';
import type { ExpandMemory } from './expand';
import { type IncidentRecord, incidentRecordFrom } from './incident-record';
import type { Rejection } from './record';
import { type Run, writePosition } from './state';
import { assertFence, assertTheirs, quarantine, StaleFence, writePage } from './store';

/** From so many changed incidents on, one expanded page is cheaper than a call for each. */
const MUCH_CHANGED = 5;
const EMPTY_PAGES_MAX = 5;

interface Reading {
  run: Run;
  graph: GraphSession;
  expand: ExpandMemory;
  signal: AbortSignal;
}

interface Progressing {
  cursorTicks: bigint | null;
  newestTicks: bigint | null;
}

interface Judged {
  good: IncidentRecord[];
  bad: Rejection[];
  lastTicks: bigint | null;
  isAscending: boolean;
}

function timeOf({ value }: WireRecord): bigint | null {
  const text = (value as { lastUpdateDateTime?: unknown } | null)?.lastUpdateDateTime;
  return typeof text === 'string' ? ticksOf(text) : null;
}

function judge(page: WirePage, entraTenantId: string): Judged {
  const good: IncidentRecord[] = [];
  const bad: Rejection[] = [];
  let lastTicks: bigint | null = null;
  let isAscending = true;
  for (const record of page.records) {
    const judged = incidentRecordFrom(record, entraTenantId);
    if ('reason' in judged) bad.push(judged);
    else {
      good.push(judged);
      bad.push(...judged.rejectedAlerts);
    }
    // A record that is kept apart still has its place in the list.
    const ticks = timeOf(record);
    if (ticks === null) continue;
    if (lastTicks !== null && ticks < lastTicks) isAscending = false;
    lastTicks = ticks;
  }
  return { good, bad, lastTicks, isAscending };
}

/** Failures that say "not with alerts" when the same list without them succeeds. */
function isExpandTrouble(error: unknown): boolean {
  if (!isMicrosoftError(error) || error.retryAfterMs !== null) return false;
  return error.kind === 'server_error' || error.kind === 'roles_missing' || error.kind === 'refused';
}

async function fetchPage(reading: Reading, position: Position, withAlerts: boolean): Promise<WirePage> {
  const { expand, graph, run } = reading;
  const query = { since: textOfTicks(position.sinceTicks), skip: position.skip };
  if (!withAlerts) return graph.listIncidents({ ...query, withAlerts });
  try {
    const page = await graph.listIncidents({ ...query, withAlerts });
    expand.succeeded(run.fence.tenantId);
    return page;
  } catch (error) {
    if (!isExpandTrouble(error)) throw error;
    const page = await graph.listIncidents({ ...query, withAlerts: false });
    expand.failed(run.fence.tenantId);
    log.warn({ tenantId: run.fence.tenantId, reason: (error as Error).message }, 'Alerts come one incident at a time');
    return page;
  }
}

/** An empty page with a link to more is legal; a link that was followed before would lead round for ever. */
async function pastEmptyPages(graph: GraphSession, first: WirePage): Promise<WirePage> {
  const seen = new Set([first.url]);
  let page = first;
  while (page.records.length === 0 && page.nextLink !== null) {
    if (seen.has(page.nextLink) || seen.size > EMPTY_PAGES_MAX) {
      throw new MicrosoftError('unexpected', 'The pages of the list lead nowhere');
    }
    seen.add(page.nextLink);
    page = (await graph.listMore(page)) ?? page;
  }
  return page;
}

type Write = { good: readonly IncidentRecord[]; bad: readonly Rejection[] };

async function writeOnce({ fence }: Run, { good, bad }: Write, progress: Progressing): Promise<string[]> {
  return asTenantWorker(fence.tenantId, async (db) => {
    await assertFence(db, fence);
    await quarantine(db, fence, bad);
    const { changedIds, hasChanges } = await writePage(db, fence, good);
    await writePosition(db, fence, progress.cursorTicks, progress.newestTicks);
    if (hasChanges) await announceChange(db, { kind: 'incidents', tenantId: fence.tenantId });
    return changedIds;
  });
}

/**
 * Writes a page whole; when the database refuses it, in halves, so that the record it can't take is found and kept apart
 * and the others stand. The position moves last.
 */
async function write(run: Run, page: Write, before: Progressing, after: Progressing): Promise<string[]> {
  try {
    return await writeOnce(run, page, after);
  } catch (error) {
    if (error instanceof StaleFence || isDatabaseUnreachable(error) || isAppError(error, 'unavailable')) throw error;
    const [only] = page.good;
    if (!only) throw error;
    if (page.good.length === 1) {
      log.error({ tenantId: run.fence.tenantId, incidentId: only.row.id }, 'The database refused a record');
      const refused: Rejection = { reason: 'REFUSED_BY_DATABASE', recordId: only.row.id, raw: only.row.raw };
      return writeOnce(run, { good: [], bad: [...page.bad, refused] }, after);
    }
    const half = Math.ceil(page.good.length / 2);
    const first = await write(run, { good: page.good.slice(0, half), bad: page.bad }, before, before);
    return [...first, ...(await write(run, { good: page.good.slice(half), bad: [] }, before, after))];
  }
}

/** Reads on until the list ends. Throws `MicrosoftError` where it can't go on; what was committed stays. */
export async function readList(reading: Reading): Promise<void> {
  const { expand, graph, run, signal } = reading;
  const { tenantId } = run.fence;
  let position: Position = { sinceTicks: startOfRound(run.progress), skip: 0 };
  let progress: Progressing = { cursorTicks: run.progress.cursorTicks, newestTicks: run.progress.newestChangeTicks };
  let hasLostTies = false;
  for (;;) {
    signal.throwIfAborted();
    const withAlerts = !run.historyComplete && expand.mayTry(tenantId);
    const page = await pastEmptyPages(graph, await fetchPage(reading, position, withAlerts));
    const judged = judge(page, run.entraTenantId);
    const mayAdvance =
      !page.isPartial && judged.isAscending && !judged.bad.some(({ reason }) => reason === 'WRONG_TENANT');
    const after = mayAdvance
      ? {
          cursorTicks: advanced(null, judged.lastTicks, page.serverTicks) ?? progress.cursorTicks,
          newestTicks: advanced(progress.newestTicks, judged.lastTicks, page.serverTicks),
        }
      : progress;
    const changedIds = await write(run, judged, progress, after);
    progress = after;
    assertTheirs(run.fence, judged.bad);
    if (page.isPartial) throw new MicrosoftError('server_error', 'Graph says that its answer is not complete');
    if (!judged.isAscending) throw new MicrosoftError('unexpected', 'The list is not in the order asked for');
    if (!withAlerts && changedIds.length >= MUCH_CHANGED && expand.mayTry(tenantId)) {
      const expanded = judge(await fetchPage(reading, position, true), run.entraTenantId);
      await write(run, expanded, progress, progress);
      assertTheirs(run.fence, expanded.bad);
    }
    if (page.records.length < PAGE_SIZE && page.nextLink === null) break;
    position = positionAfter(position, judged.lastTicks ?? position.sinceTicks, page.records.length);
    if (position.skip > SKIP_MAX) {
      log.error(
        { tenantId, at: textOfTicks(position.sinceTicks) },
        'More incidents of one timestamp than can be paged',
      );
      position = { sinceTicks: position.sinceTicks + 1n, skip: 0 };
      hasLostTies = true;
    }
  }
  if (hasLostTies) throw new MicrosoftError('unexpected', 'More incidents of one timestamp than can be paged');
}
