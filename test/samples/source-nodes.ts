/** JSON with the source text of every part, by another way than the product's, so that the two can be compared. */

export interface SourceNode {
  text: string;
  value: unknown;
  /** Of an object, in order. */
  members: { name: string; text: string; node: SourceNode }[];
  /** Of an array. */
  elements: SourceNode[];
}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/gy;

interface Token {
  text: string;
  start: number;
  end: number;
}

function tokensOf(source: string): Token[] {
  return [...source.matchAll(TOKEN)].map((match) => {
    const text = match[1] ?? '';
    const end = match.index + match[0].length;
    return { text, start: end - text.length, end };
  });
}

/** Throws what `JSON.parse` throws when the text is not JSON. */
export function sourceNodeOf(source: string): SourceNode {
  JSON.parse(source);
  const tokens = tokensOf(source);
  let at = 0;
  const next = (): Token => {
    const token = tokens[at++];
    if (!token) throw new Error('JSON ends too early');
    return token;
  };

  function read(): SourceNode {
    const first = next();
    const members: SourceNode['members'] = [];
    const elements: SourceNode[] = [];
    let last = first;
    if (first.text === '{' || first.text === '[') {
      const close = first.text === '{' ? '}' : ']';
      while (tokens[at]?.text !== close) {
        if (tokens[at]?.text === ',') at++;
        const name = tokens[at];
        if (close === '}') at += 2;
        const node = read();
        if (close === ']') elements.push(node);
        else if (name) {
          const text = source.slice(name.start, tokens[at - 1]?.end);
          members.push({ name: JSON.parse(name.text) as string, text, node });
        }
      }
      last = next();
    }
    const text = source.slice(first.start, last.end);
    return { text, value: JSON.parse(text) as unknown, members, elements };
  }

  return read();
}
