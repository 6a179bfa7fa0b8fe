/**
 * Proves connections, first after an approval and then for as long as they stand. State, audit row and the switch of the
 * tenant's sync change in one transaction, or not at all.
 */
import 'server-only';
import { recordAudit } from '@/lib/audit/events';
import { SealError } from '@/lib/credentials/open';
import type { OpenedCredential } from '@/lib/credentials/vault';
import { announceChange } from '@/lib/db/changes';
import { asTenantWorker, type Db } from '@/lib/db/client';
import { log } from '@/lib/log';
import { type Finding, lookAtGrant } from './finding';
import type { Reach } from './reach';
import { startSync, stopSync } from './sync-switch';
import { type ConnectionBefore, type ConnectionVerdict, isProved, verdictOn } from './verdict';

export interface ProofRules {
  proofWindowMs: number;
  probeIntervalMs: number;
}

interface Claim extends ConnectionBefore {
  entraTenantId: string;
  requiredRoles: string[];
  tier: string;
}

const LEASE_MS = 60_000;

/** Takes a due look, so that no other worker takes it too; null when it is not due (any more). */
async function claimLook(tenantId: string, registrationId: string, rules: ProofRules): Promise<Claim | null> {
  return asTenantWorker(tenantId, async (db) => {
    const [claim] = await db.$queryRaw<Claim[]>`
      UPDATE connection c SET
        proof_attempts = c.proof_attempts + 1,
        proof_due_at = clock_timestamp() + ${LEASE_MS} * interval '1 ms',
        proof_started_at = coalesce(c.proof_started_at, clock_timestamp()),
        proof_deadline_at =
          coalesce(c.proof_started_at, clock_timestamp()) + ${rules.proofWindowMs}::integer * interval '1 ms'
      FROM tenant t, registration r
      WHERE c.tenant_id = ${tenantId}::uuid AND c.registration_id = ${registrationId}::uuid
        AND t.id = c.tenant_id AND r.id = c.registration_id
        AND c.state <> 'offboarded' AND c.proof_due_at <= clock_timestamp()
      RETURNING c.state, c.cause_code AS "causeCode", c.cause_detail AS "causeDetail", c.proof_attempts AS attempts,
        (extract(epoch FROM c.proof_deadline_at - clock_timestamp()) * 1000)::float8 AS "windowLeftMs",
        coalesce(c.state = 'revoked' AND c.consented_at > c.revoked_at, false) AS "isApprovedAnew",
        t.entra_tenant_id::text AS "entraTenantId", r.required_roles AS "requiredRoles", r.tier`;
    return claim ?? null;
  });
}

async function credentialFor(reach: Reach, registrationId: string): Promise<OpenedCredential | null> {
  try {
    return await reach.vault.newest(registrationId);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    log.error({ registrationId, reason: error.message }, 'A credential can not be opened');
    return null;
  }
}

/** Looks once at one connection's grant and writes what follows. A look that is not due does nothing. */
export async function prove(
  reach: Reach,
  rules: ProofRules,
  tenantId: string,
  registrationId: string,
  signal?: AbortSignal,
): Promise<void> {
  const claim = await claimLook(tenantId, registrationId, rules);
  if (!claim) return;
  const credential = await credentialFor(reach, registrationId);
  const finding: Finding = credential
    ? await lookAtGrant(reach, claim, credential, signal)
    : { kind: 'failed', causeCode: 'NO_CREDENTIAL', isFinal: true, retryAfterMs: null };
  const verdict = verdictOn(claim, finding, rules.probeIntervalMs);
  await asTenantWorker(tenantId, async (db) => {
    if (!(await writeVerdict(db, tenantId, registrationId, claim, finding, verdict))) return;
    const isNews =
      verdict.state !== claim.state ||
      verdict.causeCode !== claim.causeCode ||
      verdict.causeDetail !== claim.causeDetail;
    if (isNews) {
      await recordOutcome(db, tenantId, claim, verdict);
      await announceChange(db, { kind: 'connection', tenantId });
    }
    await switchSync(db, tenantId, claim, verdict);
  });
}

/** False when somebody asked anew meanwhile: then the answer to the older question is not written. */
async function writeVerdict(
  db: Db,
  tenantId: string,
  registrationId: string,
  claim: Claim,
  finding: Finding,
  verdict: ConnectionVerdict,
): Promise<boolean> {
  const roles = finding.kind === 'granted' ? finding.roles : [];
  const servicePrincipalId = 'servicePrincipalId' in finding ? finding.servicePrincipalId : null;
  const isGranted = verdict.state === 'verified' || verdict.state === 'degraded';
  const knowsGrant = finding.kind !== 'failed';
  const written = await db.$executeRaw`
    UPDATE connection SET
      state = ${verdict.state}, cause_code = ${verdict.causeCode}, cause_detail = ${verdict.causeDetail},
      granted_roles = CASE WHEN ${knowsGrant} THEN ${roles}::text[] ELSE granted_roles END,
      service_principal_id = CASE WHEN ${knowsGrant} THEN ${servicePrincipalId} ELSE service_principal_id END,
      proof_due_at = clock_timestamp() + ${verdict.dueInMs}::float8 * interval '1 ms',
      proof_attempts = CASE WHEN ${verdict.state} = 'verified' AND ${finding.kind} = 'granted' THEN 0 ELSE proof_attempts END,
      probed_at = clock_timestamp(),
      verified_at = CASE WHEN ${isGranted && finding.kind === 'granted'} THEN coalesce(
        CASE WHEN state IN ('verified', 'degraded') THEN verified_at END, clock_timestamp()) ELSE verified_at END,
      revoked_at = CASE WHEN ${verdict.state} = 'revoked' THEN coalesce(revoked_at, clock_timestamp()) END,
      updated_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND registration_id = ${registrationId}::uuid
      AND proof_attempts = ${claim.attempts} AND state <> 'offboarded'`;
  // A link is used up by an approval of all that it asks for; with half of it, the rest can still be approved.
  if (written > 0 && finding.kind === 'granted' && finding.missingRoles.length === 0) {
    await db.$executeRaw`
      UPDATE invitation SET used_at = clock_timestamp()
      WHERE tenant_id = ${tenantId}::uuid AND registration_id = ${registrationId}::uuid
        AND used_at IS NULL AND revoked_at IS NULL`;
  }
  return written > 0;
}

async function recordOutcome(db: Db, tenantId: string, claim: Claim, verdict: ConnectionVerdict): Promise<void> {
  // Steps on the way (waiting for Microsoft, for roles) are not outcomes.
  const isStepOfProof = verdict.state === claim.state && verdict.dueInMs !== null && !isProved(verdict.state);
  if (isStepOfProof || verdict.causeCode?.startsWith('WAITING_')) return;
  const isGood = verdict.state === 'verified' && verdict.causeCode === null;
  await recordAudit(db, {
    actor: { kind: 'worker' },
    action: verdict.state === 'revoked' ? 'connection.revoke' : 'connection.prove',
    result: isGood || verdict.state === 'revoked' || verdict.state === 'degraded' ? 'ok' : 'failed',
    tenantId,
    target: claim.tier,
    reason: verdict.causeDetail ? `${verdict.causeCode}:${verdict.causeDetail}` : verdict.causeCode,
  });
}

async function switchSync(db: Db, tenantId: string, claim: Claim, verdict: ConnectionVerdict): Promise<void> {
  // Incidents come by the reading registration; the others have no stream of their own.
  if (claim.tier !== 'read') return;
  const isOn = verdict.state === 'verified' || verdict.state === 'degraded';
  const isRepaired = claim.causeCode !== null && verdict.causeCode === null;
  if (isOn && (verdict.state !== claim.state || isRepaired)) await startSync(db, tenantId);
  if (verdict.state === 'revoked' && claim.state !== 'revoked') await stopSync(db, tenantId, 'REVOKED');
}
