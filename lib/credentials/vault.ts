/** Which credential the worker uses for a registration: the newest, opened when it is needed. */
import 'server-only';
import { asWorker } from '@/lib/db/client';
import type { Secret } from '@/lib/secret';
import { clientCertificateFrom } from './certificate';
import { SealError, type SealOpener } from './open';
import type { SealScope } from './seal';

/** What proves to Entra that we are the application. */
export type ClientProof =
  | { kind: 'secret'; secret: Secret }
  | { kind: 'certificate'; thumbprintSha256: string; privateKey: Secret };

export interface OpenedCredential {
  registrationId: string;
  credentialId: string;
  clientId: string;
  proof: ClientProof;
}

export interface CredentialVault {
  /** The newest credential of a registration; null when none was sealed yet. Throws `SealError`. */
  newest(registrationId: string): Promise<OpenedCredential | null>;
}

async function newestRow(registrationId: string) {
  return asWorker((db) =>
    db.credential.findFirst({
      where: { registrationId },
      orderBy: { version: 'desc' },
      include: { sealed: true, registration: { select: { clientId: true } } },
    }),
  );
}

function proofFrom(kind: SealScope['kind'], value: Secret): ClientProof {
  if (kind === 'secret') return { kind, secret: value };
  const { thumbprintSha256, privateKey } = clientCertificateFrom(value);
  return { kind, thumbprintSha256, privateKey };
}

/** A vault over the database; a credential is opened once and then held in memory until a newer one is sealed. */
export function credentialVault(opener: SealOpener): CredentialVault {
  const opened = new Map<string, OpenedCredential>();
  return {
    async newest(registrationId) {
      const row = await newestRow(registrationId);
      if (!row?.sealed) return null;
      const known = opened.get(registrationId);
      if (known?.credentialId === row.id) return known;
      const kind = row.kind === 'certificate' ? 'certificate' : 'secret';
      const scope = { registrationId, credentialId: row.id, kind, version: row.version } as const;
      const value = await opener.open(row.sealed.jwe, scope);
      const fresh = {
        registrationId,
        credentialId: row.id,
        clientId: row.registration.clientId,
        proof: proofFrom(kind, value),
      };
      opened.set(registrationId, fresh);
      return fresh;
    },
  };
}

/**
 * Opens the newest credential of every registration, so that a wrong key fails at the start with a clear message
 * rather than at every customer. Answers how many there are.
 */
export async function assertVaultOpens(vault: CredentialVault): Promise<number> {
  const registrations = await asWorker((db) => db.registration.findMany({ select: { id: true, tier: true } }));
  let count = 0;
  for (const { id, tier } of registrations) {
    try {
      if (await vault.newest(id)) count++;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      throw new SealError(
        `The credential of the "${tier}" registration can't be opened with this key. ${error.message}.`,
      );
    }
  }
  return count;
}
