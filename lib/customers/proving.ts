/**
 * True while a proof is under way that may change the state. A connection that was proved once has a next look due all
 * the time, and that is no proving, unless it waits for a new approval to reach it.
 */
export function isProving(connection: { state: string; proofDueAt: Date | null; causeCode: string | null }): boolean {
  if (connection.proofDueAt === null) return false;
  const isUnproved = connection.state === 'invited' || connection.state === 'consented';
  return isUnproved || (connection.causeCode?.startsWith('WAITING_') ?? false);
}
