import { KustoError, type KustoQuery, type Step, type Test } from './kusto-syntax.ts';
import type { Column, Row } from './tables.ts';

interface Result {
  columns: readonly Column[];
  rows: Row[];
}

/** Carries a table through the steps of a query; the schema follows. */
export function runSteps(query: KustoQuery, columns: readonly Column[], rows: Row[]): Result {
  return query.steps.reduce<Result>((result, step) => apply(step, result), { columns, rows });
}

function requireColumns(result: Result, names: string[]): Column[] {
  return names.map((name) => {
    const column = result.columns.find(([known]) => known === name);
    if (!column) throw new KustoError(`Failed to resolve scalar expression named '${name}'`);
    return column;
  });
}

function apply(step: Step, result: Result): Result {
  switch (step.step) {
    case 'where': {
      requireColumns(
        result,
        step.anyOf.flat().map((test) => test.column),
      );
      const rows = result.rows.filter((row) => step.anyOf.some((tests) => tests.every((test) => holds(test, row))));
      return { ...result, rows };
    }
    case 'project':
    case 'distinct': {
      const columns = requireColumns(result, step.columns);
      const rows = result.rows.map((row) => Object.fromEntries(columns.map(([name]) => [name, row[name]])));
      return { columns, rows: step.step === 'distinct' ? distinct(rows) : rows };
    }
    case 'take':
      return { ...result, rows: result.rows.slice(0, step.count) };
    case 'sort': {
      requireColumns(result, [step.column]);
      const sign = step.descending ? -1 : 1;
      const rows = result.rows.toSorted((a, b) => sign * order(a[step.column], b[step.column]));
      return { ...result, rows: step.count === null ? rows : rows.slice(0, step.count) };
    }
    case 'count':
      return { columns: [['Count', 'Int64']], rows: [{ Count: result.rows.length }] };
    case 'summarize':
      return summarize(step, result);
  }
}

function summarize(step: Step & { step: 'summarize' }, result: Result): Result {
  const columns = requireColumns(result, step.by);
  const groups = new Map<string, Row>();
  for (const row of result.rows) {
    const key = Object.fromEntries(columns.map(([name]) => [name, row[name]]));
    const group = groups.get(JSON.stringify(key)) ?? { ...key, [step.name]: 0 };
    group[step.name] = Number(group[step.name]) + 1;
    groups.set(JSON.stringify(key), group);
  }
  return { columns: [...columns, [step.name, 'Int64']], rows: [...groups.values()] };
}

function distinct(rows: Row[]): Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '').localeCompare(String(b ?? ''), 'en');
}

function holds(test: Test, row: Row): boolean {
  const value = row[test.column];
  if (test.timeMs !== null) return compare(Date.parse(String(value)), test.operator, test.timeMs);
  const [first = ''] = test.values;
  if (typeof first === 'number') return compare(Number(value), test.operator, first) || isIn(value, test);
  const text = String(value ?? '').toLowerCase();
  const folded = test.values.map((item) => String(item).toLowerCase());
  const [wanted = ''] = folded;
  switch (test.operator) {
    case '==':
      return String(value ?? '') === String(first);
    case '!=':
      return String(value ?? '') !== String(first);
    case '=~':
      return text === wanted;
    case '!~':
      return text !== wanted;
    case 'contains':
      return text.includes(wanted);
    case '!contains':
      return !text.includes(wanted);
    case 'has':
    case 'has_any':
      // Whole terms; a term is a run of letters and digits.
      return folded.some((term) =>
        new RegExp(`(?<![\\p{L}\\p{N}])${term.replace(/[^\p{L}\p{N}\s]/gu, '\\$&')}(?![\\p{L}\\p{N}])`, 'u').test(text),
      );
    case 'startswith':
      return text.startsWith(wanted);
    case 'endswith':
      return text.endsWith(wanted);
    case 'in':
      return isIn(value, test);
    case 'in~':
      return folded.includes(text);
  }
  throw new KustoError(`Operator '${test.operator}' cannot be applied to '${test.column}'`);
}

function isIn(value: unknown, test: Test): boolean {
  return test.operator === 'in' && test.values.includes(value as string);
}

function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
  }
  return false;
}
