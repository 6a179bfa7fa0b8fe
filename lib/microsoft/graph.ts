/** The reads of Graph's security API that the product needs, for one tenant at a time. */
import type { Cloud } from '@/lib/cloud';
import type { CallBudget, Caller } from './budget';
import { MicrosoftError } from './errors';
import { elementTexts } from './json-slices';
import { errorSchema, pageSchema } from './schemas';
import type { AppCredential, TokenSource } from './tokens';
import { type Answer, commonFailure, type Transport } from './transport';

/** Most incidents that Graph gives at once. */
export const PAGE_SIZE = 50;
/** Beyond it Graph answers 400, or no more pages. */
export const SKIP_MAX = 500;

const TICKS_PER_MS = 10_000n;
// Without it, members newer than the first published enum arrive as `unknownFutureValue`.
const PREFER = 'include-unknown-enum-members';

/** One element of a list: its exact source text beside the parsed value. */
export interface WireRecord {
  text: string;
  value: unknown;
}

export interface WirePage {
  /** What was asked. */
  url: string;
  records: WireRecord[];
  /** As it came: `listMore` refuses one that leads elsewhere. */
  nextLink: string | null;
  /** Graph says that something is missing (206, or a `Warning` header). */
  isPartial: boolean;
  /** Graph's own clock at the answer, in 100-ns ticks; null when it did not say. */
  serverTicks: bigint | null;
}

export interface IncidentQuery {
  /** Changed at or after, as Microsoft writes it. */
  since: string;
  skip?: number;
  withAlerts: boolean;
}

export interface GraphSession {
  listIncidents(query: IncidentQuery): Promise<WirePage>;
  /** Follows a page's `nextLink`, on the same origin and path only; null when there is none. */
  listMore(page: WirePage): Promise<WirePage | null>;
  /** The newest incident, or none: proves that the grant works and whose rows come. */
  newestIncident(): Promise<WirePage>;
  /** All alerts of one incident, with their evidence. */
  alertsOf(incidentId: string): Promise<WirePage>;
}

export interface GraphAccess {
  cloud: Cloud;
  transport: Transport;
  tokens: TokenSource;
  budget: CallBudget;
  caller: Caller;
  entraTenantId: string;
  credential: AppCredential;
  signal?: AbortSignal | undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // Cut off or not JSON at all: the next try may well succeed.
    throw new MicrosoftError('server_error', 'Graph did not answer in JSON', { cause });
  }
}

function failureOf(answer: Answer): MicrosoftError {
  const common = commonFailure(answer);
  if (common) return common;
  const parsed = errorSchema.safeParse(jsonOf(answer.text));
  const code = parsed.success ? (parsed.data.error.code ?? '') : '';
  const message = parsed.success ? (parsed.data.error.message ?? '') : '';
  const details = { status: answer.status, requestId: answer.headers.get('request-id') ?? undefined };
  // Texts as recorded from tenants without a licence or with Defender XDR switched off.
  if (/account is not provisioned|account mode is inactive|no tvm license/i.test(message)) {
    return new MicrosoftError('no_defender', 'Defender XDR is not active in the tenant', details);
  }
  if (answer.status === 403) return new MicrosoftError('roles_missing', `Graph refused: ${code}`, details);
  if (answer.status === 401) return new MicrosoftError('unauthorized', `Graph refused the token: ${code}`, details);
  if (answer.status === 404) return new MicrosoftError('not_found', 'Graph knows no such record', details);
  return new MicrosoftError('refused', `Graph answered ${answer.status} ${code}`, details);
}

function pageOf(answer: Answer, url: string): WirePage {
  const parsed = pageSchema.safeParse(jsonOf(answer.text));
  if (!parsed.success) throw new MicrosoftError('unexpected', 'Graph answered without a list');
  const texts = elementTexts(answer.text, 'value');
  const records = parsed.data.value.map((value, index) => ({ value, text: texts[index] ?? JSON.stringify(value) }));
  const sentMs = Date.parse(answer.headers.get('date') ?? '');
  return {
    url,
    records,
    nextLink: parsed.data['@odata.nextLink'] ?? null,
    isPartial: answer.status === 206 || answer.headers.has('warning'),
    serverTicks: Number.isNaN(sentMs) ? null : BigInt(sentMs) * TICKS_PER_MS,
  };
}

/** A link elsewhere would carry the token there. */
function atSamePlace(link: string, place: string): string {
  const next = URL.parse(link);
  const own = new URL(place);
  if (next?.origin !== own.origin || next.pathname !== own.pathname) {
    throw new MicrosoftError('unexpected', 'A nextLink leads to another place');
  }
  return next.href;
}

/** Reads of one tenant, each counted against the tenant's budget. */
export function graphSession(access: GraphAccess): GraphSession {
  const { budget, caller, cloud, credential, entraTenantId, signal, tokens, transport } = access;
  const incidents = `${cloud.graphOrigin}/v1.0/security/incidents`;

  async function send(url: string, isSecondTry = false): Promise<Answer> {
    const { accessToken } = await tokens.token(entraTenantId, credential, { signal });
    budget.take(caller);
    const headers = { authorization: `Bearer ${accessToken.reveal()}`, accept: 'application/json', prefer: PREFER };
    const answer = await transport({ method: 'GET', url, headers, signal });
    if (answer.status >= 200 && answer.status < 300) return answer;
    const failure = failureOf(answer);
    if (failure.retryAfterMs !== null) budget.waitAtLeast(failure.retryAfterMs);
    if (failure.kind === 'unauthorized' && !isSecondTry) {
      tokens.forget(entraTenantId, credential);
      return send(url, true);
    }
    throw failure;
  }

  const page = async (url: string) => pageOf(await send(url), url);

  return {
    listIncidents({ since, skip = 0, withAlerts }) {
      // $orderby is not documented for this list, but it works and every incremental client needs it.
      const query = [
        `$filter=${encodeURIComponent(`lastUpdateDateTime ge ${since}`)}`,
        `$orderby=${encodeURIComponent('lastUpdateDateTime asc')}`,
        `$top=${PAGE_SIZE}`,
        ...(skip > 0 ? [`$skip=${skip}`] : []),
        ...(withAlerts ? ['$expand=alerts'] : []),
      ];
      return page(`${incidents}?${query.join('&')}`);
    },
    listMore: async ({ nextLink, url }) => (nextLink === null ? null : page(atSamePlace(nextLink, url))),
    newestIncident: () => page(`${incidents}?$top=1`),
    alertsOf: (incidentId) => page(`${incidents}/${encodeURIComponent(incidentId)}/alerts`),
  };
}
