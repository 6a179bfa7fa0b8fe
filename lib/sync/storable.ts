/** Whether PostgreSQL can hold a value that came as JSON; asked before a page is written, so that none is lost by one record. */

const DEPTH_MAX = 100;
const NUL = '\u0000';

export type Unstorable = 'NUL_CHARACTER' | 'LONE_SURROGATE' | 'TOO_DEEP';

function textTrouble(text: string): Unstorable | null {
  if (text.includes(NUL)) return 'NUL_CHARACTER';
  return text.isWellFormed() ? null : 'LONE_SURROGATE';
}

/** What keeps `value` out of text and jsonb columns, member names included; null when nothing does. */
export function unstorableIn(value: unknown): Unstorable | null {
  // A list of what is still to look at instead of recursion, which deep nesting would overflow.
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (typeof next.value === 'string') {
      const trouble = textTrouble(next.value);
      if (trouble) return trouble;
    } else if (typeof next.value === 'object' && next.value !== null) {
      if (next.depth >= DEPTH_MAX) return 'TOO_DEEP';
      for (const [name, member] of Object.entries(next.value)) {
        const trouble = textTrouble(name);
        if (trouble) return trouble;
        open.push({ value: member, depth: next.depth + 1 });
      }
    }
  }
  return null;
}
