/** Microsoft's timestamps carry 100-nanosecond ticks; a JavaScript Date would drop the last four digits. */
const TICKS_PER_MS = 10_000n;
const FORM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?(Z|[+-]\d{2}:\d{2})$/i;

/** Ticks since 1970 of an ISO 8601 text, or null when it is not one. Digits past the seventh are cut. */
export function parseTicks(text: string): bigint | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) return null;
  return BigInt(ms) * TICKS_PER_MS + BigInt(fraction.padEnd(7, '0').slice(0, 7));
}

/** The shortest form, as .NET writes it: zero to seven fraction digits. */
export function formatTicks(ticks: bigint): string {
  const fraction = (ticks % 10_000_000n).toString().padStart(7, '0').replace(/0+$/, '');
  const seconds = new Date(Number(ticks / 10_000_000n) * 1000).toISOString().slice(0, 19);
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

export function ticksOfMs(ms: number): bigint {
  return BigInt(Math.trunc(ms)) * TICKS_PER_MS;
}

let latest = 0n;

/** Now, never twice the same within a burst, so that "newer" has a meaning between two changes of one incident. */
export function nowTicks(): bigint {
  const measured = ticksOfMs(Date.now()) + ((process.hrtime.bigint() / 100n) % TICKS_PER_MS);
  const behind = latest - measured;
  // A clock set back by more than a few milliseconds is followed, not fought.
  latest = behind >= 0n && behind < 50n * TICKS_PER_MS ? latest + 1n : measured;
  return latest;
}
