/**
 * Characters that can make a text look like another: controls, bidirectional overrides, zero-width and other invisible
 * ones, lone surrogates. Incident text is written by attackers, who name files with them.
 */
const DECEPTIVE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u;

export interface EscapedPart {
  text: string;
  /** True when `text` is the written-out form of a deceptive character. */
  escaped: boolean;
}

function writtenOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** Splits a text into plain parts and written-out deceptive characters; `keepLines` leaves line breaks and tabs be. */
export function escapedParts(text: string, keepLines = false): EscapedPart[] {
  const parts: EscapedPart[] = [];
  for (const character of text) {
    const isLine = keepLines && (character === '\n' || character === '\t');
    const escaped = DECEPTIVE.test(character) && !isLine;
    const last = parts.at(-1);
    const shown = escaped ? writtenOut(character) : character;
    if (last && last.escaped === escaped) last.text += shown;
    else parts.push({ text: shown, escaped });
  }
  return parts;
}

/** The text with its deceptive characters written out, for places that hold no elements (titles, attributes). */
export function escapedText(text: string): string {
  return escapedParts(text)
    .map((part) => part.text)
    .join('');
}
