import type { Cloud } from '../../cloud.ts';
import { type Call, json, parseObject, type Reply } from '../../http/exchange.ts';
import type { Alert } from '../../state/security-records.ts';
import type { Tenant } from '../../state/tenants.ts';
import { parseTicks, ticksOfMs } from '../../state/ticks.ts';
import { badRequest } from '../graph-error.ts';
import { contextOf } from '../presentation.ts';
import { runSteps } from './kusto-run.ts';
import { KustoError, parseKusto } from './kusto-syntax.ts';
import { TABLES } from './tables.ts';

const LARGEST_RESULT = 100_000;
const DAY_MS = 86_400_000;
const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

function durationMs(text: string): number | null {
  const match = DURATION.exec(text);
  if (!match || text === 'P') return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return days * DAY_MS + hours * 3_600_000 + minutes * 60_000 + seconds * 1_000;
}

/** `P90D`, `start/end`, `start/duration` or `duration/end`; thirty days of data are kept in any case. */
function readTimespan(text: string | null, nowMs: number): { fromMs: number; untilMs: number } {
  const kept = { fromMs: nowMs - 30 * DAY_MS, untilMs: nowMs };
  if (text === null) return kept;
  const [first = '', second] = text.split('/');
  const length = durationMs(first) ?? durationMs(second ?? '');
  const from = durationMs(first) === null ? Date.parse(first) : null;
  const until = second !== undefined && durationMs(second) === null ? Date.parse(second) : null;
  if (Number.isNaN(from) || Number.isNaN(until) || (second === undefined && length === null)) {
    throw badRequest(`Invalid Timespan '${text}'.`);
  }
  const untilMs = until ?? (from !== null && length !== null ? from + length : nowMs);
  const fromMs = from ?? untilMs - (length ?? 0);
  return { fromMs: Math.max(fromMs, kept.fromMs), untilMs };
}

/** https://learn.microsoft.com/graph/api/security-security-runhuntingquery over the evidence of the tenant's alerts. */
export function runHuntingQuery(cloud: Cloud, tenant: Tenant, call: Call): Reply {
  const body = parseObject(call.body) ?? {};
  const source = body['Query'] ?? body['query'];
  const timespan = body['Timespan'] ?? body['timespan'] ?? null;
  if (typeof source !== 'string' || source.trim() === '') throw badRequest('The query is empty.');
  if (timespan !== null && typeof timespan !== 'string') throw badRequest('Invalid Timespan.');
  const { fromMs, untilMs } = readTimespan(timespan, Date.now());
  try {
    const query = parseKusto(source);
    const table = TABLES[query.table];
    if (!table) throw new KustoError(`Failed to resolve table or column expression named '${query.table}'`);
    const sql = 'SELECT body FROM alerts WHERE tid = ? AND created BETWEEN ? AND ? ORDER BY created';
    const rows = cloud.database
      .all(sql, tenant.tid, ticksOfMs(fromMs), ticksOfMs(untilMs))
      .flatMap((row) => table.rows(JSON.parse(String(row['body'])) as Alert))
      .filter((row) => (parseTicks(String(row['Timestamp'])) ?? 0n) >= ticksOfMs(fromMs));
    const result = runSteps(query, table.columns, rows);
    return json(200, {
      '@odata.context': contextOf(cloud, 'microsoft.graph.security.huntingQueryResults'),
      schema: result.columns.map(([name, type]) => ({ name, type })),
      results: result.rows.slice(0, LARGEST_RESULT),
    });
  } catch (error) {
    if (error instanceof KustoError) throw badRequest(`${error.message}. Fix semantic errors in your query.`);
    throw error;
  }
}
