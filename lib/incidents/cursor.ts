/** A place in the queue: the arrival (database milliseconds) and the number that breaks ties. */
export interface Cursor {
  arrivedAtMs: number;
  seq: bigint;
}

const PATTERN = /^(\d{1,15})-(\d{1,19})$/;
/** The end of year 9999: PostgreSQL reads no five-digit year as JavaScript writes it. */
const MS_MAX = 253_402_300_799_999;
const SEQ_MAX = 9_223_372_036_854_775_807n;

/** A cursor from a URL; null when it is none of ours. */
export function cursorFrom(text: string): Cursor | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const arrivedAtMs = Number(match[1]);
  const seq = BigInt(match[2] ?? '0');
  return arrivedAtMs <= MS_MAX && seq <= SEQ_MAX ? { arrivedAtMs, seq } : null;
}

/** The cursor as it stands in a URL. */
export function cursorText(cursor: Cursor): string {
  return `${cursor.arrivedAtMs}-${cursor.seq}`;
}
