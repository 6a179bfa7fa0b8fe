/**
 * The first administrator. While there is none, each start of the portal prints a code once; who signs in and enters it
 * becomes the administrator and names the partner.
 */
import { randomInt } from 'node:crypto';
import { recordAudit } from '@/lib/audit/events';
import { asNobody } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import { hashOfToken } from '@/lib/token';
import { type Actor, auditActorOf } from './actor';
import { rotateSession } from './sessions';

// Without letters and digits that are read for one another; 20 of 31 give 99 bits.
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

function newCode(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

const normalised = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** True while nobody can administrate, so that the set-up page is open. */
export async function needsSetUp(): Promise<boolean> {
  return asNobody(
    async (db) => (await db.userRole.count({ where: { role: 'administrator', user: { status: 'active' } } })) === 0,
  );
}

/** A fresh code when there is no administrator (codes printed before stop working), else null. Only its hash is kept. */
export async function issueSetUpCode(): Promise<string | null> {
  if (!(await needsSetUp())) return null;
  const code = newCode();
  const codeHash = hashOfToken(normalised(code));
  await asNobody((db) =>
    db.setupCode.upsert({
      where: { id: 1 },
      create: { id: 1, codeHash },
      update: { codeHash, createdAt: new Date(), usedAt: null, usedBy: null },
    }),
  );
  return code;
}

export interface SetUpInput {
  code: string;
  partnerName: string;
  partnerPhone: string;
}

/** Makes the actor the first administrator. Throws `invalid` for a wrong or used code. */
export async function claimSetUp(actor: Actor, input: SetUpInput): Promise<void> {
  const codeHash = hashOfToken(normalised(input.code));
  const isClaimed = await asNobody(async (db) => {
    const claimed = await db.$executeRaw`
      UPDATE setup_code SET used_at = clock_timestamp(), used_by = ${actor.userId}::uuid
      WHERE code_hash = ${codeHash} AND used_at IS NULL
        AND NOT EXISTS (SELECT FROM user_role r JOIN app_user u ON u.id = r.user_id
          WHERE r.role = 'administrator' AND u.status = 'active')`;
    await recordAudit(db, {
      actor: auditActorOf(actor),
      action: 'setup.claim',
      result: claimed ? 'ok' : 'refused',
      ...(claimed ? {} : { reason: 'wrong_code' }),
    });
    if (!claimed) return false;
    await db.userRole.createMany({ data: [{ userId: actor.userId, role: 'administrator' }], skipDuplicates: true });
    const partner = { displayName: input.partnerName, phone: input.partnerPhone };
    await db.partner.upsert({ where: { id: 1 }, create: { id: 1, ...partner }, update: partner });
    return true;
  });
  if (!isClaimed) throw new AppError('invalid', 'wrongSetUpCode');
  await rotateSession(actor);
}
