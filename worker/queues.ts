/**
 * The job queue. It spreads work over workers and notices dead ones; correctness rests on none of its promises, since
 * every job takes its own claim in the database first.
 */
import { PgBoss } from 'pg-boss';
import { log } from '@/lib/log';
import type { Secret } from '@/lib/secret';

/** A dead worker's jobs are noticed after this long. */
const HEARTBEAT_SECONDS = 15;
const KEEP_DONE_SECONDS = 60;
const CONNECTIONS_MAX = 6;

export interface Queue<Job extends object> {
  name: string;
  /** Jobs with the same key are never queued or run twice at a time. */
  keyOf(job: Job): string;
  concurrency: number;
  run(job: Job, signal: AbortSignal): Promise<void>;
}

export interface Queues {
  add<Job extends object>(queue: Queue<Job>, job: Job): Promise<void>;
  /** Takes no more jobs and waits for those under way. */
  stop(timeoutMs: number): Promise<void>;
}

/** Starts the queue's own schema and the workers of `queues`; rejects when the database can't be reached. */
export async function startQueues(
  databaseUrl: Secret,
  queues: readonly Queue<never>[],
  signal: AbortSignal,
): Promise<Queues> {
  const boss = new PgBoss({
    connectionString: databaseUrl.reveal(),
    application_name: 'watchfold-queue',
    max: CONNECTIONS_MAX,
    schema: 'pgboss',
    // The migrations made the schema; this login could not.
    createSchema: false,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: HEARTBEAT_SECONDS,
    monitorIntervalSeconds: HEARTBEAT_SECONDS,
    monitorVacuum: false,
    reindex: false,
  });
  boss.on('error', (error) => log.warn({ reason: error.message }, 'The queue has trouble'));
  try {
    await boss.start();
    for (const queue of queues) await startQueue(boss, queue, signal);
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw error;
  }
  return {
    async add(queue, job) {
      await boss.send(queue.name, job, { singletonKey: queue.keyOf(job) });
    },
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }),
  };
}

async function startQueue(boss: PgBoss, queue: Queue<never>, signal: AbortSignal): Promise<void> {
  await boss.createQueue(queue.name, {
    policy: 'exclusive',
    heartbeatSeconds: HEARTBEAT_SECONDS,
    // What is due is looked up again every second, so a lost job needs no second try of the queue's.
    retryLimit: 0,
    deleteAfterSeconds: KEEP_DONE_SECONDS,
    notify: true,
  });
  const options = { localConcurrency: queue.concurrency, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 5 };
  await boss.work<never>(queue.name, options, async ([job]) => {
    if (!job) return;
    await queue.run(job.data, AbortSignal.any([signal, job.signal]));
  });
}
