/**
 * Keeps a tenant's incidents the same as Microsoft's: the list first, then the alerts of what changed. Nothing here
 * trusts the queue that calls it: a run that was overtaken can't write, and one that was cut off is continued.
 */
import 'server-only';
import type { Reach } from '@/lib/connections/reach';
import { INCIDENTS_STREAM } from '@/lib/connections/sync-switch';
import { SealError } from '@/lib/credentials/open';
import { isDatabaseUnreachable } from '@/lib/db/client';
import { isAppError } from '@/lib/errors';
import { log } from '@/lib/log';
import { isMicrosoftError, type MicrosoftError } from '@/lib/microsoft/errors';
import { readAlerts } from './alerts-phase';
import { dueAfterSuccess, endAfterFailure } from './backoff';
import { expandMemory } from './expand';
import { readList } from './list-phase';
import { askForLook, claimRun, endRun, markRoundComplete, type Run } from './state';
import { StaleFence } from './store';

/** Where an error came from, without its message: the database's quote the values that they refuse. */
function traceOf(error: unknown) {
  const { code, name, stack = '' } = error as Error & { code?: string };
  return {
    name,
    code,
    at: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6),
  };
}

export interface IncidentSync {
  /** One run for one tenant; does nothing when none is due. Rejects only when the database can't be reached. */
  run(tenantId: string, signal: AbortSignal): Promise<void>;
}

const UNEXPLAINED_RETRY_MS = 60_000;

/** The list comes first: alerts leave it a minute's looks of two calls each, or half of a small budget. */
function callsKeptForLists(perMinute: number, syncIntervalMs: number): number {
  return Math.min(Math.floor(perMinute / 2), Math.ceil(120_000 / syncIntervalMs));
}

/** `syncIntervalMs` is how often a tenant's list is looked at. */
export function incidentSync(reach: Reach, { syncIntervalMs }: { syncIntervalMs: number }): IncidentSync {
  const expand = expandMemory();

  async function read(run: Run, signal: AbortSignal): Promise<void> {
    const startedMs = performance.now();
    const { entraTenantId, fence, registrationId } = run;
    const credential = await reach.vault.newest(registrationId);
    if (!credential) throw new SealError('No credential was sealed for this registration');
    const graph = reach.graph(entraTenantId, credential, 'background', signal);
    await readList({ run, graph, expand, signal });
    await markRoundComplete(fence);
    const budget = reach.budgetOf(entraTenantId);
    const limits = {
      budget,
      keptCalls: callsKeptForLists(budget.perMinute, syncIntervalMs),
      untilMs: startedMs + syncIntervalMs,
    };
    const waitMs = await readAlerts(run, graph, limits, signal);
    const dueInMs = dueAfterSuccess(syncIntervalMs, performance.now() - startedMs, waitMs);
    await endRun(fence, { state: 'complete', causeCode: null, causeDetail: null, failures: 0, dueInMs });
  }

  async function endAfter(run: Run, error: MicrosoftError): Promise<void> {
    const { fence } = run;
    const end = endAfterFailure(error, run, syncIntervalMs);
    log.warn({ tenantId: fence.tenantId, cause: end.causeCode, dueInMs: Math.round(end.dueInMs) }, error.message);
    await endRun(fence, end);
    const saysGrantIsGone = error.kind === 'not_approved' || error.kind === 'roles_missing';
    if (saysGrantIsGone) await askForLook(fence.tenantId, run.registrationId);
  }

  return {
    async run(tenantId, signal) {
      const run = await claimRun(tenantId, INCIDENTS_STREAM);
      if (!run) return;
      const { failures, fence } = run;
      try {
        await read(run, signal);
      } catch (error) {
        if (error instanceof StaleFence) return;
        if (signal.aborted) {
          return endRun(fence, { state: 'waiting', causeCode: run.causeCode, causeDetail: null, failures, dueInMs: 0 });
        }
        if (isMicrosoftError(error)) return endAfter(run, error);
        if (isDatabaseUnreachable(error) || isAppError(error, 'unavailable')) throw error;
        log.error({ tenantId, ...traceOf(error) }, 'A run failed for a reason of our own');
        const causeCode = error instanceof SealError ? 'NO_CREDENTIAL' : 'INTERNAL';
        const dueInMs = UNEXPLAINED_RETRY_MS;
        await endRun(fence, { state: 'failing', causeCode, causeDetail: null, failures: failures + 1, dueInMs });
      }
    },
  };
}
