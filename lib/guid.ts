const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a GUID in its hyphenated form, in either case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}
