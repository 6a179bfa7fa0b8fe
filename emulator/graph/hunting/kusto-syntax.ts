/** One value test of a `where`: the subset of KQL that hunting queries of an incident portal are made of. */
export interface Test {
  column: string;
  operator: string;
  values: (string | number | boolean)[];
  /** `ago(7d)` and `datetime(…)` compare as times. */
  timeMs: number | null;
}

export type Step =
  | { step: 'where'; anyOf: Test[][] }
  | { step: 'project' | 'distinct'; columns: string[] }
  | { step: 'take'; count: number }
  | { step: 'sort'; column: string; descending: boolean; count: number | null }
  | { step: 'count' }
  | { step: 'summarize'; by: string[]; name: string };

export interface KustoQuery {
  table: string;
  steps: Step[];
}

export class KustoError extends Error {}

const STRING = String.raw`@?"(?:[^"\\]|\\.)*"|@?'(?:[^'\\]|\\.)*'`;
const UNIT_MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };
const TEST =
  /^\s*(\w+)\s*(==|!=|=~|!~|>=|<=|>|<|\b(?:in~|in|contains|!contains|has_any|has|startswith|endswith)(?=[\s("']))\s*(.+)$/s;

/** Splits outside quotes and brackets. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  const scanner = new RegExp(`${STRING}|[()]|${separator.source}`, 'gi');
  for (const match of text.matchAll(scanner)) {
    const [token] = match;
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0 && new RegExp(`^(?:${separator.source})$`, 'i').test(token)) {
      parts.push(text.slice(start, match.index));
      start = match.index + token.length;
    }
  }
  if (depth !== 0) throw new KustoError('Unbalanced parentheses');
  return [...parts, text.slice(start)].map((part) => part.trim());
}

export function parseKusto(source: string): KustoQuery {
  const bare = source
    .replace(new RegExp(`(${STRING})|//[^\\n]*`, 'g'), '$1')
    .trim()
    .replace(/;$/, '');
  const quotes = bare.replace(new RegExp(STRING, 'g'), '');
  if (/["']/.test(quotes)) throw new KustoError('A string literal is not closed');
  const [table = '', ...rest] = split(bare, /\|/);
  if (!/^\w+$/.test(table)) throw new KustoError(`Query could not be parsed at '${table.slice(0, 40)}'`);
  return { table, steps: rest.map(parseStep) };
}

function parseStep(text: string): Step {
  const [, operator = '', body = ''] = /^([\w-]+)\s*(.*)$/s.exec(text) ?? [];
  switch (operator) {
    case 'where':
    case 'filter':
      return { step: 'where', anyOf: split(body, /\bor\b/).map((part) => split(part, /\band\b/).map(parseTest)) };
    case 'project':
    case 'distinct':
      return { step: operator, columns: names(body) };
    case 'take':
    case 'limit':
      return { step: 'take', count: count(body) };
    case 'top': {
      const [, size = '', column = '', direction] = /^(\d+)\s+by\s+(\w+)(?:\s+(asc|desc))?$/.exec(body) ?? [];
      if (column === '') throw new KustoError(`Query could not be parsed at 'top ${body}'`);
      return { step: 'sort', column, descending: direction !== 'asc', count: Number(size) };
    }
    case 'sort':
    case 'order': {
      const [, column = '', direction] = /^by\s+(\w+)(?:\s+(asc|desc))?$/.exec(body) ?? [];
      if (column === '') throw new KustoError(`Query could not be parsed at '${operator} ${body}'`);
      return { step: 'sort', column, descending: direction !== 'asc', count: null };
    }
    case 'count':
      return { step: 'count' };
    case 'summarize': {
      const [whole, name = 'count_', by = ''] = /^(?:(\w+)\s*=\s*)?count\(\)(?:\s+by\s+(.+))?$/s.exec(body) ?? [];
      if (whole === undefined) throw new KustoError(`Unsupported aggregation '${body}'`);
      return { step: 'summarize', by: by === '' ? [] : names(by), name };
    }
  }
  throw new KustoError(`Unknown operator '${operator || text.slice(0, 20)}'`);
}

function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.some((name) => !/^\w+$/.test(name)))
    throw new KustoError(`Query could not be parsed at '${text.slice(0, 40)}'`);
  return list;
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new KustoError(`A number was expected at '${text}'`);
  return Number(text);
}

function parseTest(text: string): Test {
  const [, column = '', operator = '', operand = ''] = TEST.exec(text) ?? [];
  if (column === '') throw new KustoError(`Query could not be parsed at '${text.slice(0, 40)}'`);
  const time = parseTime(operand.trim());
  if (time !== null) return { column, operator, values: [], timeMs: time };
  const list = /^\((.*)\)$/s.exec(operand.trim())?.[1] ?? operand;
  return { column, operator, values: split(list, /,/).map(parseLiteral), timeMs: null };
}

function parseTime(text: string): number | null {
  const [, amount, unit = ''] = /^ago\(\s*(\d+)([dhms])\s*\)$/.exec(text) ?? [];
  if (amount !== undefined) return Date.now() - Number(amount) * (UNIT_MS[unit] ?? 0);
  const [, date] = /^datetime\(\s*"?([^")]+)"?\s*\)$/.exec(text) ?? [];
  if (date === undefined) return null;
  const ms = Date.parse(date);
  if (Number.isNaN(ms)) throw new KustoError(`Invalid datetime '${date}'`);
  return ms;
}

function parseLiteral(text: string): string | number | boolean {
  if (new RegExp(`^(?:${STRING})$`).test(text)) {
    return text.startsWith('@') ? text.slice(2, -1) : text.slice(1, -1).replace(/\\(.)/g, '$1');
  }
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  throw new KustoError(`Failed to resolve scalar expression named '${text}'`);
}
