/** The product's own clients, answered with recorded bodies. */
import { cloudFrom } from '@/lib/cloud';
import { callBudget } from '@/lib/microsoft/budget';
import { type GraphSession, graphSession } from '@/lib/microsoft/graph';
import { type AppCredential, type TokenSource, tokenSource } from '@/lib/microsoft/tokens';
import type { Answer } from '@/lib/microsoft/transport';
import { Secret } from '@/lib/secret';

const CALLS_PER_MINUTE = 50;

/** A credential that no recorded answer depends on. */
export const credential: AppCredential = {
  registrationId: 'r',
  credentialId: 'c',
  clientId: '22222222-aaaa-4aaa-8aaa-222222222222',
  proof: { kind: 'secret', secret: new Secret('hush') },
};

function globalCloud() {
  const { cloud } = cloudFrom('global', undefined, {});
  if (!cloud) throw new Error('no cloud');
  return cloud;
}

function answerOf(status: number, text: string): Answer {
  return { status, text, headers: new Headers() };
}

/** A session whose Graph always gives this answer. */
export function graphAnswering(status: number, text: string): GraphSession {
  const tokens: TokenSource = {
    token: async () => ({ accessToken: new Secret('token'), servicePrincipalId: 'sp', roles: [] }),
    forget: () => undefined,
  };
  return graphSession({
    cloud: globalCloud(),
    transport: async () => answerOf(status, text),
    tokens,
    budget: callBudget(CALLS_PER_MINUTE),
    caller: 'background',
    entraTenantId: 't',
    credential,
  });
}

/** A token source, with MSAL in it, whose login endpoint always gives this answer. */
export function entraAnswering(status: number, text: string): TokenSource {
  return tokenSource(globalCloud(), async () => answerOf(status, text));
}
