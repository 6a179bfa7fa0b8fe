/** The process that speaks to Microsoft: it proves connections, reads incidents and answers the portal's questions. */

import { type ProofRules, prove } from '@/lib/connections/proof';
import { openReach, type Reach } from '@/lib/connections/reach';
import { answerRequest, openRequests } from '@/lib/connections/requests';
import { openerFromFile, SealError } from '@/lib/credentials/open';
import { assertVaultOpens, credentialVault } from '@/lib/credentials/vault';
import { onChange } from '@/lib/db/changes';
import { closeDatabase, isDatabaseUnreachable, openDatabase } from '@/lib/db/client';
import { checkDatabase, DatabaseCheckError } from '@/lib/db/start-check';
import { EnvironmentError, type WorkerEnv, workerEnv } from '@/lib/env';
import { isAppError } from '@/lib/errors';
import { log } from '@/lib/log';
import { type IncidentSync, incidentSync } from '@/lib/sync/incident-sync';
import { dueWork } from '@/lib/sync/state';
import { type Queue, type Queues, startQueues } from './queues';

const TICK_MS = 1_000;
const DUE_MAX = 200;
const DRAIN_MS = 8_000;
const GIVE_UP_MS = 10_000;
const RETRY_START_MS = 1_000;

const ending = new AbortController();

function sleep(ms: number, wake: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      wake.removeEventListener('abort', done);
      resolve();
    }
    if (wake.aborted) done();
    else wake.addEventListener('abort', done);
  });
}

function isUnreachable(error: unknown): boolean {
  return isAppError(error, 'unavailable') || isDatabaseUnreachable(error);
}

/** Repeats a step of the start for as long as the database can't be reached. */
async function onceReachable<T>(step: () => Promise<T>): Promise<T | null> {
  for (let attempt = 1; !ending.signal.aborted; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (attempt === 1) log.warn('Waiting for the database');
      await sleep(RETRY_START_MS, ending.signal);
    }
  }
  return null;
}

function queuesOf(reach: Reach, rules: ProofRules, sync: IncidentSync) {
  const proveQueue: Queue<{ tenantId: string; registrationId: string }> = {
    name: 'prove',
    concurrency: 8,
    keyOf: ({ tenantId, registrationId }) => `${tenantId}/${registrationId}`,
    run: ({ tenantId, registrationId }, signal) => prove(reach, rules, tenantId, registrationId, signal),
  };
  const syncQueue: Queue<{ tenantId: string; stream: string }> = {
    name: 'sync',
    concurrency: 12,
    keyOf: ({ tenantId, stream }) => `${tenantId}/${stream}`,
    run: ({ tenantId }, signal) => sync.run(tenantId, signal),
  };
  const requestQueue: Queue<{ requestId: string }> = {
    name: 'request',
    concurrency: 4,
    keyOf: ({ requestId }) => requestId,
    run: ({ requestId }) => answerRequest(reach, requestId),
  };
  return { proveQueue, syncQueue, requestQueue };
}

type WorkQueues = ReturnType<typeof queuesOf>;

async function enqueueDue(queues: Queues, { proveQueue, requestQueue, syncQueue }: WorkQueues): Promise<void> {
  for (const requestId of await openRequests(DUE_MAX)) await queues.add(requestQueue, { requestId });
  for (const { registrationId, stream, tenantId, work } of await dueWork(DUE_MAX)) {
    if (work === 'prove' && registrationId) await queues.add(proveQueue, { tenantId, registrationId });
    if (work === 'sync' && stream) await queues.add(syncQueue, { tenantId, stream });
  }
}

/** Looks for work every second, and at once when somebody says that there is some. */
async function keepLooking(queues: Queues, workQueues: WorkQueues): Promise<void> {
  let wake = new AbortController();
  const stop = onChange('worker', (change) => {
    if (change === 'reconnected' || change.kind === 'work' || change.kind === 'request') wake.abort();
  });
  let isDown = false;
  while (!ending.signal.aborted) {
    try {
      await enqueueDue(queues, workQueues);
      if (isDown) log.info('The database answers again');
      isDown = false;
    } catch (error) {
      if (!isDown) log.warn({ reason: (error as Error).message }, 'Work can not be looked up');
      isDown = true;
    }
    await sleep(TICK_MS, AbortSignal.any([wake.signal, ending.signal]));
    wake = new AbortController();
  }
  stop();
}

async function run(env: WorkerEnv): Promise<void> {
  openDatabase('worker', env.databaseUrl, 16);
  const opener = await openerFromFile(env.sealingPrivateKeyFile);
  const vault = credentialVault(opener);
  await onceReachable(() => checkDatabase('worker'));
  const credentials = await onceReachable(() => assertVaultOpens(vault));
  const { callsPerMinute, cloud, microsoftTimeoutMs, syncIntervalMs } = env;
  const reach = openReach({ cloud, vault, callsPerMinute, timeoutMs: microsoftTimeoutMs });
  const workQueues = queuesOf(reach, env, incidentSync(reach, { syncIntervalMs }));
  const all = Object.values(workQueues) as Queue<never>[];
  const queues = await onceReachable(() => startQueues(env.databaseUrl, all, ending.signal));
  if (!queues) return;
  log.info({ cloud: cloud.name, credentials, kid: opener.kid }, 'Watchfold worker is ready');
  await keepLooking(queues, workQueues);
  await queues.stop(DRAIN_MS);
  await closeDatabase('worker');
}

for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => {
    log.info({ signal: name }, 'Ending');
    ending.abort();
    // What still runs then is taken up by the next worker.
    setTimeout(() => process.exit(0), GIVE_UP_MS).unref();
  });
}

try {
  await run(workerEnv());
  process.exit(0);
} catch (error) {
  const isForeseen =
    error instanceof EnvironmentError || error instanceof SealError || error instanceof DatabaseCheckError;
  process.stderr.write(`${isForeseen ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1);
}
