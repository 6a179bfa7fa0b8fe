/**
 * True while a first proof is under way. A connection that was proved once has a next look due all the time, and that is
 * no proving.
 */
export function isProving(connection: { state: string; proofDueAt: Date | null }): boolean {
  return connection.proofDueAt !== null && (connection.state === 'invited' || connection.state === 'consented');
}
