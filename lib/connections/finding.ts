/**
 * One look at what a tenant granted: a token past every cache, then one live call whose rows must be the tenant's. The
 * redirect that a browser brings back proves nothing and is not looked at here.
 */
import { z } from 'zod';
import type { OpenedCredential } from '@/lib/credentials/vault';
import { log } from '@/lib/log';
import { causeCodeOf, isMicrosoftError, MicrosoftError } from '@/lib/microsoft/errors';
import type { Reach } from './reach';

export type Finding =
  | { kind: 'granted'; servicePrincipalId: string; roles: string[]; missingRoles: string[] }
  | { kind: 'no_principal' }
  | { kind: 'no_roles'; servicePrincipalId: string }
  /** `isFinal`: asking again soon won't change it. */
  | { kind: 'failed'; causeCode: string; isFinal: boolean; retryAfterMs: number | null };

/** A tenant and the registration whose grant is looked for. */
export interface GrantQuestion {
  entraTenantId: string;
  requiredRoles: string[];
}

const FINAL = new Set(['bad_credential', 'app_disabled', 'unknown_tenant', 'no_defender', 'wrong_tenant', 'refused']);
const READS_INCIDENTS = ['SecurityIncident.Read.All', 'SecurityIncident.ReadWrite.All'];
// A role that writes carries the right to read.
const STRONGER: Record<string, string> = {
  'SecurityIncident.Read.All': 'SecurityIncident.ReadWrite.All',
  'SecurityAlert.Read.All': 'SecurityAlert.ReadWrite.All',
};

const rowTenantSchema = z.looseObject({ tenantId: z.string() });

/** The required roles that are not among the granted ones. */
export function missingRolesOf(required: readonly string[], granted: readonly string[]): string[] {
  return required.filter((role) => !granted.includes(role) && !granted.includes(STRONGER[role] ?? role));
}

async function assertRowsAreTheirs(
  reach: Reach,
  question: GrantQuestion,
  credential: OpenedCredential,
  signal?: AbortSignal,
) {
  const page = await reach.graph(question.entraTenantId, credential, 'person', signal).newestIncident();
  for (const { value } of page.records) {
    const row = rowTenantSchema.safeParse(value);
    if (!row.success || row.data.tenantId.toLowerCase() !== question.entraTenantId) {
      throw new MicrosoftError('wrong_tenant', 'A row belongs to another tenant');
    }
  }
}

function failureOf(error: MicrosoftError): Finding {
  if (error.kind === 'not_approved') return { kind: 'no_principal' };
  log.info({ kind: error.kind, aadsts: error.aadsts, requestId: error.requestId }, error.message);
  return {
    kind: 'failed',
    causeCode: causeCodeOf(error),
    isFinal: FINAL.has(error.kind),
    retryAfterMs: error.retryAfterMs,
  };
}

/** Never throws for what Microsoft answers; an answer we can't place is a finding too. */
export async function lookAtGrant(
  reach: Reach,
  question: GrantQuestion,
  credential: OpenedCredential,
  signal?: AbortSignal,
): Promise<Finding> {
  try {
    const token = await reach.tokens.token(question.entraTenantId, credential, { fresh: true, signal });
    const { servicePrincipalId, roles } = token;
    // A token without an object id comes from no service principal, so nobody in the tenant can have granted anything
    // (https://learn.microsoft.com/entra/identity-platform/deprecate-service-principal-less-authentication).
    if (!servicePrincipalId) return { kind: 'no_principal' };
    if (roles.length === 0) return { kind: 'no_roles', servicePrincipalId };
    const missingRoles = missingRolesOf(question.requiredRoles, roles);
    if (READS_INCIDENTS.some((role) => roles.includes(role))) {
      await assertRowsAreTheirs(reach, question, credential, signal);
    }
    return { kind: 'granted', servicePrincipalId, roles, missingRoles };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isMicrosoftError(error)) throw error;
    return failureOf(error);
  }
}
