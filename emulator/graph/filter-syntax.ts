import { invalidQuery } from './graph-error.ts';

export type Literal =
  | { kind: 'text'; value: string }
  | { kind: 'date'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' };

export type Operator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export type Filter =
  | { node: 'and' | 'or'; left: Filter; right: Filter }
  | { node: 'not'; inner: Filter }
  | { node: 'compare'; path: string[]; operator: Operator; value: Literal }
  | { node: 'in'; path: string[]; values: Literal[] }
  | { node: 'any'; path: string[]; variable: string; inner: Filter | null };

const OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const TOKEN =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<date>\d{4}-\d{2}-\d{2}T[0-9:.]+(?:Z|[+-]\d{2}:\d{2}))|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w.]*)|(?<mark>[(),:/]))/iy;

interface Token {
  kind: 'text' | 'date' | 'number' | 'word' | 'mark' | 'end';
  text: string;
  at: number;
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    const hit = Object.entries(groups ?? {}).find(([, text]) => text !== undefined);
    if (!hit)
      throw invalidQuery(
        `Syntax error: character '${source.charAt(at)}' is not valid at position ${at} in '${source}'.`,
      );
    tokens.push({ kind: hit[0] as Token['kind'], text: hit[1] ?? '', at });
  }
  tokens.push({ kind: 'end', text: '', at: source.length });
  return tokens;
}

class Parser {
  private readonly source: string;
  private readonly tokens: Token[];
  private position = 0;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenize(source);
  }

  whole(): Filter {
    const filter = this.disjunction();
    if (this.peek().kind !== 'end') throw this.unexpected();
    return filter;
  }

  private disjunction(): Filter {
    let left = this.conjunction();
    while (this.takeWord('or')) left = { node: 'or', left, right: this.conjunction() };
    return left;
  }

  private conjunction(): Filter {
    let left = this.negation();
    while (this.takeWord('and')) left = { node: 'and', left, right: this.negation() };
    return left;
  }

  private negation(): Filter {
    if (this.takeWord('not')) return { node: 'not', inner: this.negation() };
    if (!this.takeMark('(')) return this.predicate();
    const inner = this.disjunction();
    this.expectMark(')');
    return inner;
  }

  private predicate(): Filter {
    const path = this.path();
    if (path.at(-1) === 'any' && path.length > 1 && this.takeMark('(')) return this.lambda(path.slice(0, -1));
    const operator = this.next();
    if (operator.kind === 'word' && operator.text === 'in') return { node: 'in', path, values: this.list() };
    if (operator.kind !== 'word' || !OPERATORS.includes(operator.text)) throw this.unexpected(operator);
    return { node: 'compare', path, operator: operator.text as Operator, value: this.literal() };
  }

  private lambda(path: string[]): Filter {
    if (this.takeMark(')')) return { node: 'any', path, variable: '', inner: null };
    const variable = this.next();
    if (variable.kind !== 'word') throw this.unexpected(variable);
    this.expectMark(':');
    const inner = this.disjunction();
    this.expectMark(')');
    return { node: 'any', path, variable: variable.text, inner };
  }

  private path(): string[] {
    const segments: string[] = [];
    do {
      const segment = this.next();
      if (segment.kind !== 'word') throw this.unexpected(segment);
      segments.push(segment.text);
    } while (this.takeMark('/'));
    return segments;
  }

  private list(): Literal[] {
    const values: Literal[] = [];
    this.expectMark('(');
    do values.push(this.literal());
    while (this.takeMark(','));
    this.expectMark(')');
    return values;
  }

  private literal(): Literal {
    const token = this.next();
    if (token.kind === 'text') return { kind: 'text', value: token.text.slice(1, -1).replaceAll("''", "'") };
    if (token.kind === 'date') return { kind: 'date', value: token.text };
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind !== 'word') throw this.unexpected(token);
    if (token.text === 'null') return { kind: 'null' };
    if (token.text === 'true' || token.text === 'false') return { kind: 'boolean', value: token.text === 'true' };
    throw invalidQuery(`Could not find a property named '${token.text}' on type 'microsoft.graph.security'.`);
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '', at: this.source.length };
  }

  private next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text !== word) return false;
    this.position += 1;
    return true;
  }

  private takeMark(mark: string): boolean {
    const token = this.peek();
    if (token.kind !== 'mark' || token.text !== mark) return false;
    this.position += 1;
    return true;
  }

  private expectMark(mark: string): void {
    if (!this.takeMark(mark)) throw this.unexpected();
  }

  private unexpected(token = this.peek()): Error {
    return invalidQuery(`Syntax error at position ${token.at} in '${this.source}'.`);
  }
}

export function parseFilter(source: string): Filter {
  return new Parser(source).whole();
}
