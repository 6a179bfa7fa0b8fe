const PATTERN = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?(Z|[+-]\d{2}:\d{2})$/;
const TICKS_PER_SECOND = 10_000_000n;

/**
 * 100-ns ticks since 1970 of a Microsoft timestamp (0-7 fraction digits); null when the text is not one. A JavaScript
 * Date would cut it to milliseconds and lose rows at a cursor.
 */
export function ticksOf(text: string): bigint | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const [, second, fraction = '', zone] = match;
  const ms = Date.parse(`${second}${zone}`);
  if (Number.isNaN(ms)) return null;
  return (BigInt(ms) / 1000n) * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, '0'));
}

/** The timestamp text of `ticks`, with seven fraction digits, in UTC. */
export function textOfTicks(ticks: bigint): string {
  const seconds = ticks / TICKS_PER_SECOND;
  const fraction = (ticks % TICKS_PER_SECOND).toString().padStart(7, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
