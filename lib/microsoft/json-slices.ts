/**
 * Cuts JSON text without re-writing it, so that what is kept is byte for byte what Microsoft sent (re-serialising would
 * round long numbers and reorder nothing we could promise). The text must already have passed `JSON.parse`.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

interface Span {
  start: number;
  end: number;
}

interface Member {
  name: string;
  /** From the name's quote to the end of the value. */
  whole: Span;
  value: Span;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function afterString(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function afterValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = afterString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (code === 0x2c || isSpace(code))) return at;
    at++;
  }
  return at;
}

function* membersOf(text: string, object: number): Generator<Member> {
  let at = afterSpace(text, object + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const nameEnd = afterString(text, at);
    const start = afterSpace(text, afterSpace(text, nameEnd) + 1);
    const end = afterValue(text, start);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    yield { name, whole: { start: at, end }, value: { start, end } };
    at = afterSpace(text, end);
    if (text[at] !== ',') return;
    at = afterSpace(text, at + 1);
  }
}

/**
 * Source text of each element of the array that the top-level object's member `name` holds; empty when there is none.
 * Of several members of that name the last counts, as for `JSON.parse`.
 */
export function elementTexts(text: string, name: string): string[] {
  let array: Span | null = null;
  const object = afterSpace(text, 0);
  if (text[object] !== '{') return [];
  for (const member of membersOf(text, object)) if (member.name === name) array = member.value;
  if (!array || text[array.start] !== '[') return [];
  const elements: string[] = [];
  let at = afterSpace(text, array.start + 1);
  while (at < array.end && text[at] !== ']') {
    const end = afterValue(text, at);
    elements.push(text.slice(at, end));
    at = afterSpace(text, end);
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return elements;
}

/** The object's text without the members of those names; all else stays as it was. */
export function withoutMembers(text: string, names: ReadonlySet<string>): string {
  const object = afterSpace(text, 0);
  if (text[object] !== '{') return text;
  const members = [...membersOf(text, object)];
  const kept = members.filter(({ name }) => !names.has(name));
  if (kept.length === members.length) return text;
  const bodies = kept.map(({ whole }) => text.slice(whole.start, whole.end));
  return `{${bodies.join(',')}}`;
}
