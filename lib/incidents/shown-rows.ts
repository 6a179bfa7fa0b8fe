import { type Cursor, cursorFrom } from './cursor';

/** A row that a browser is showing. */
export interface RowKey {
  slug: string;
  id: string;
}

const SLUG = /^[a-z0-9-]{1,100}$/;
/** Microsoft's ids are digits today; whatever they become, this much of them fits a key and an address. */
const ID = /^[\w.:-]{1,200}$/;
const ROWS_MAX = 100;

/** True for what can be the key of an incident; anything else need not be looked for. */
export function isRowKey({ slug, id }: RowKey): boolean {
  return SLUG.test(slug) && ID.test(id);
}

/** The rows and the floor that a browser sent along; null when they are not of our making. */
export function shownRowsFrom(rows: string, floor: string | null): { rows: RowKey[]; floor: Cursor | null } | null {
  const keys = (rows === '' ? [] : rows.split(',')).map((key): RowKey => {
    const [slug = '', id = '', ...rest] = key.split('/');
    return { slug, id: rest.length > 0 ? '' : id };
  });
  if (keys.length > ROWS_MAX || !keys.every(isRowKey)) return null;
  if (floor === null) return { rows: keys, floor: null };
  const cursor = cursorFrom(floor);
  return cursor ? { rows: keys, floor: cursor } : null;
}
