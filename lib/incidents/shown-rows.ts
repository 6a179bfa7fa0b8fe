import { type Cursor, cursorFrom } from './cursor';

/** A row that a browser is showing. */
export interface RowKey {
  slug: string;
  id: string;
}

const SLUG = /^[a-z0-9-]{1,100}$/;
/** Microsoft's ids are digits today; whatever they become, a control character can't be looked for. */
const ID = /^[^\p{Cc}\p{Cs}]{1,512}$/u;
const ROWS_MAX = 100;

/** True for what can be the key of an incident; anything else need not be looked for. */
export function isRowKey({ slug, id }: RowKey): boolean {
  return SLUG.test(slug) && ID.test(id);
}

/** A row's key as it stands in an address. */
export function rowKeyText({ slug, id }: RowKey): string {
  return `${slug}/${encodeURIComponent(id)}`;
}

function rowKeyFrom(text: string): RowKey {
  const [slug = '', id = '', ...rest] = text.split('/');
  try {
    return { slug, id: rest.length > 0 ? '' : decodeURIComponent(id) };
  } catch {
    return { slug, id: '' };
  }
}

/** The rows and the floor that a browser sent along; null when they are not of our making. */
export function shownRowsFrom(rows: string, floor: string | null): { rows: RowKey[]; floor: Cursor | null } | null {
  const keys = rows === '' ? [] : rows.split(',').map(rowKeyFrom);
  if (keys.length > ROWS_MAX || !keys.every(isRowKey)) return null;
  if (floor === null) return { rows: keys, floor: null };
  const cursor = cursorFrom(floor);
  return cursor ? { rows: keys, floor: cursor } : null;
}
