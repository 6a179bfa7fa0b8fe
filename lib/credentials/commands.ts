import { type AuditActor, recordAudit } from '@/lib/audit/events';
import { asNobody, type Db } from '@/lib/db/client';
import { Secret } from '@/lib/secret';
import { clientCertificateFrom } from './certificate';
import { type PublicSealingKey, seal } from './seal';

/** Roles that each tier's registration asks for, as Graph names them. */
const REQUIRED_ROLES = {
  read: ['SecurityIncident.Read.All', 'SecurityAlert.Read.All'],
  respond: ['SecurityIncident.ReadWrite.All', 'SecurityAlert.ReadWrite.All'],
  hunt: ['ThreatHunting.Read.All'],
} as const;

export type Tier = keyof typeof REQUIRED_ROLES;
export const TIERS = Object.keys(REQUIRED_ROLES) as Tier[];

const HINTED_LENGTH_MIN = 20;

export interface NewCredential {
  tier: Tier;
  clientId: string;
  displayName: string;
  kind: 'secret' | 'certificate';
  value: Secret;
  /** Null when it never expires; a certificate knows its own end. */
  expiresAt: Date | null;
}

async function registrationOf(db: Db, { tier, clientId, displayName }: NewCredential): Promise<string> {
  const known = await db.registration.findUnique({ where: { tier } });
  if (known) {
    if (known.clientId !== clientId.toLowerCase()) {
      throw new Error(`The "${tier}" registration is application ${known.clientId}: customers granted that one`);
    }
    if (known.displayName !== displayName) await db.registration.update({ where: { tier }, data: { displayName } });
    return known.id;
  }
  const data = { tier, clientId: clientId.toLowerCase(), displayName, requiredRoles: [...REQUIRED_ROLES[tier]] };
  return (await db.registration.create({ data })).id;
}

/**
 * Seals a credential for a tier's registration, making the registration if it is the first. The newest credential is
 * the one used from then on. Answers its version.
 */
export async function sealCredential(
  actor: AuditActor,
  credential: NewCredential,
  key: PublicSealingKey,
): Promise<{ registrationId: string; version: number }> {
  const certificate = credential.kind === 'certificate' ? clientCertificateFrom(credential.value) : null;
  const text = credential.value.reveal();
  const shown = certificate?.thumbprintSha256 ?? text;
  // Four characters tell credentials apart; of a short secret they would give too much away.
  const hint = shown.length >= HINTED_LENGTH_MIN ? shown.slice(-4) : '';
  return asNobody(async (db) => {
    const registrationId = await registrationOf(db, credential);
    const newest = await db.credential.findFirst({ where: { registrationId }, orderBy: { version: 'desc' } });
    const version = (newest?.version ?? 0) + 1;
    const { kind } = credential;
    const expiresAt = certificate?.expiresAt ?? credential.expiresAt;
    const { id: credentialId } = await db.credential.create({
      data: { registrationId, kind, version, hint, expiresAt },
    });
    const jwe = await seal(new Secret(text), { registrationId, credentialId, kind, version }, key);
    // createMany, because this login may add a sealed value and not read it back.
    await db.sealedValue.createMany({ data: [{ credentialId, kid: key.kid, jwe }] });
    await recordAudit(db, { actor, action: 'credential.seal', result: 'ok', target: `${credential.tier}/${version}` });
    return { registrationId, version };
  });
}
