/** Line breaks and indents between members; every value stays as it was written (a parser would round numbers). */
export function indented(json: string): string {
  let depth = 0;
  let text = '';
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at] ?? '';
    if (inString) {
      text += character;
      if (character === '\\') text += json[++at] ?? '';
      else if (character === '"') inString = false;
      continue;
    }
    if (character === '"') inString = true;
    if (/\s/.test(character)) continue;
    if (character === '{' || character === '[') {
      const closing = /^[{[]\s*[}\]]/.exec(json.slice(at, at + 50));
      if (closing) {
        text += closing[0].replace(/\s/g, '');
        at += closing[0].length - 1;
        continue;
      }
      depth++;
      text += `${character}\n${'  '.repeat(depth)}`;
    } else if (character === '}' || character === ']') {
      depth--;
      text += `\n${'  '.repeat(Math.max(0, depth))}${character}`;
    } else if (character === ',') text += `,\n${'  '.repeat(depth)}`;
    else text += character === ':' ? ': ' : character;
  }
  return text;
}
