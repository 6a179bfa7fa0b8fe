/**
 * Application tokens for customers' tenants. One MSAL client per (tenant, registration, credential), because one shared
 * client looks tokens up by walking all of them; our own cache in front, because MSAL does not share concurrent
 * requests. No token is handed out whose tenant, audience or application is not the one asked for.
 */
import { ConfidentialClientApplication, type INetworkModule, LogLevel } from '@azure/msal-node';
import type { Cloud } from '@/lib/cloud';
import { Secret } from '@/lib/secret';
import { aadstsOf, isMicrosoftError, kindOfAadsts, MicrosoftError } from './errors';
import { commonFailure, type Transport } from './transport';

export interface AppCredential {
  registrationId: string;
  credentialId: string;
  clientId: string;
  proof: { kind: 'secret'; secret: Secret } | { kind: 'certificate'; thumbprintSha256: string; privateKey: Secret };
}

export interface AppToken {
  accessToken: Secret;
  /** Object id of our service principal in the tenant; null when the token has none, which means there is none. */
  servicePrincipalId: string | null;
  /** Empty as long as nothing is granted: Entra issues such tokens too. */
  roles: string[];
}

export interface TokenSource {
  /** `fresh` goes past every cache; without it a token that is still good is served, also while Entra is down. */
  token(
    tenantId: string,
    credential: AppCredential,
    options?: { fresh?: boolean; signal?: AbortSignal | undefined },
  ): Promise<AppToken>;
  /** Drops a token that a service refused. */
  forget(tenantId: string, credential: AppCredential): void;
}

interface Held {
  token: AppToken;
  goodUntilMs: number;
}

const CLIENTS_MAX = 5_000;
const RENEW_BEFORE_END_MS = 5 * 60_000;
const SERVE_UNTIL_END_MS = 60_000;
const GLOBAL_LOGIN = 'https://login.microsoftonline.com';

/**
 * The same for every cloud: MSAL demands an https authority of a host it knows, while the endpoints come from the
 * configured origin. `{tenantid}` is MSAL's placeholder.
 */
function authorityOf(cloud: Cloud, tenantId: string): { authority: string; authorityMetadata: string } {
  const base = `${cloud.loginOrigin}/{tenantid}`;
  const metadata = {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
  };
  const host = cloud.name === 'custom' ? GLOBAL_LOGIN : cloud.loginOrigin;
  return { authority: `${host}/${tenantId}`, authorityMetadata: JSON.stringify(metadata) };
}

function clientCredentialOf({ proof }: AppCredential) {
  if (proof.kind === 'secret') return { clientSecret: proof.secret.reveal() };
  return { clientCertificate: { thumbprintSha256: proof.thumbprintSha256, privateKey: proof.privateKey.reveal() } };
}

interface Claims {
  tid?: unknown;
  aud?: unknown;
  appid?: unknown;
  oid?: unknown;
  roles?: unknown;
}

function claimsOf(accessToken: string): Claims {
  try {
    return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
  } catch {
    throw new MicrosoftError('unexpected', 'The access token is not a JWT');
  }
}

/** Graph's access tokens can't be verified by others, but they come straight from Entra; what they say is checked. */
function checked(accessToken: string, cloud: Cloud, tenantId: string, clientId: string): AppToken {
  const claims = claimsOf(accessToken);
  if (String(claims.tid).toLowerCase() !== tenantId.toLowerCase()) {
    throw new MicrosoftError('wrong_tenant', 'The token belongs to another tenant');
  }
  if (String(claims.aud).replace(/\/$/, '') !== cloud.graphResource) {
    throw new MicrosoftError('unexpected', 'The token is for another resource');
  }
  if (String(claims.appid).toLowerCase() !== clientId.toLowerCase()) {
    throw new MicrosoftError('unexpected', 'The token is for another application');
  }
  const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
  const servicePrincipalId = typeof claims.oid === 'string' ? claims.oid : null;
  return { accessToken: new Secret(accessToken), servicePrincipalId, roles };
}

/** MSAL's error as ours; it keeps the AADSTS number in one of three places. */
function translated(error: unknown): MicrosoftError {
  const { errorNo, errorMessage, errorCode, status } = error as {
    errorNo?: unknown;
    errorMessage?: string;
    errorCode?: string;
    status?: number;
  };
  const aadsts = Number(errorNo ?? aadstsOf(errorMessage ?? '') ?? (/^\d+$/.test(errorCode ?? '') ? errorCode : NaN));
  const requestId = /Trace ID: ([0-9a-f-]{36})/i.exec(errorMessage ?? '')?.[1];
  if (!Number.isNaN(aadsts)) {
    return new MicrosoftError(kindOfAadsts(aadsts), `AADSTS${aadsts}`, { aadsts, status, requestId });
  }
  return new MicrosoftError('unexpected', `The token endpoint answered ${errorCode ?? 'something else'}`, {
    status,
    requestId,
    cause: error,
  });
}

/** MSAL's own client knows no time limit and loses the reason of a failure; this one keeps it in `failure`. */
class NetworkClient implements INetworkModule {
  failure: MicrosoftError | null = null;
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  sendGetRequestAsync<T>(url: string, options?: Parameters<INetworkModule['sendGetRequestAsync']>[1]) {
    return this.#send<T>('GET', url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: Parameters<INetworkModule['sendPostRequestAsync']>[1]) {
    return this.#send<T>('POST', url, options);
  }

  async #send<T>(method: 'GET' | 'POST', url: string, options?: { headers?: Record<string, string>; body?: string }) {
    try {
      const { headers = {}, body } = options ?? {};
      const answer = await this.#transport({ method, url, headers, ...(body === undefined ? {} : { body }) });
      const failure = commonFailure(answer);
      if (failure) throw failure;
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: JSON.parse(answer.text) as T,
      };
    } catch (error) {
      this.failure = isMicrosoftError(error)
        ? error
        : new MicrosoftError('server_error', 'The token endpoint did not answer in JSON', { cause: error });
      throw this.failure;
    }
  }
}

/** Drops the entry used longest ago when there are more than `most`; a Map keeps the order of insertion. */
function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value as K);
}

/** Tokens by that cloud's login endpoint; they and MSAL's clients live in this process's memory only. */
export function tokenSource(cloud: Cloud, transport: Transport): TokenSource {
  const clients = new Map<string, { client: ConfidentialClientApplication; network: NetworkClient }>();
  const held = new Map<string, Held>();
  const underway = new Map<string, Promise<AppToken>>();
  const keyOf = (tenantId: string, { registrationId, credentialId }: AppCredential) =>
    `${tenantId.toLowerCase()}|${registrationId}|${credentialId}`;

  function clientFor(key: string, tenantId: string, credential: AppCredential) {
    const known = clients.get(key);
    const network = known?.network ?? new NetworkClient(transport);
    const client =
      known?.client ??
      new ConfidentialClientApplication({
        auth: { clientId: credential.clientId, ...clientCredentialOf(credential), ...authorityOf(cloud, tenantId) },
        system: {
          networkClient: network,
          loggerOptions: { logLevel: LogLevel.Error, piiLoggingEnabled: false, loggerCallback: () => undefined },
        },
      });
    remember(clients, key, { client, network }, CLIENTS_MAX);
    return { client, network };
  }

  async function acquire(key: string, tenantId: string, credential: AppCredential): Promise<AppToken> {
    const { client, network } = clientFor(key, tenantId, credential);
    network.failure = null;
    try {
      const result = await client.acquireTokenByClientCredential({
        scopes: [`${cloud.graphResource}/.default`],
        // Our own cache is the only one: MSAL would serve a token without roles for an hour after the consent.
        skipCache: true,
      });
      if (!result) throw new MicrosoftError('unexpected', 'The token endpoint sent no token');
      const token = checked(result.accessToken, cloud, tenantId, credential.clientId);
      const lifetimeMs = (result.expiresOn?.getTime() ?? 0) - Date.now();
      remember(held, key, { token, goodUntilMs: performance.now() + lifetimeMs }, CLIENTS_MAX);
      return token;
    } catch (error) {
      // A client that saw a failure answers the next minute out of its own memory; a new one asks.
      clients.delete(key);
      if (isMicrosoftError(error)) throw error;
      throw network.failure ?? translated(error);
    }
  }

  function acquireOnce(key: string, tenantId: string, credential: AppCredential): Promise<AppToken> {
    const running = underway.get(key);
    if (running) return running;
    const started = acquire(key, tenantId, credential).finally(() => underway.delete(key));
    underway.set(key, started);
    return started;
  }

  return {
    async token(tenantId, credential, options = {}) {
      options.signal?.throwIfAborted();
      const key = keyOf(tenantId, credential);
      const known = options.fresh ? undefined : held.get(key);
      const leftMs = known ? known.goodUntilMs - performance.now() : 0;
      if (known && leftMs > RENEW_BEFORE_END_MS) return known.token;
      try {
        return await acquireOnce(key, tenantId, credential);
      } catch (error) {
        if (known && leftMs > SERVE_UNTIL_END_MS && isMicrosoftError(error) && error.retryable) return known.token;
        throw error;
      }
    },
    forget(tenantId, credential) {
      held.delete(keyOf(tenantId, credential));
    },
  };
}
