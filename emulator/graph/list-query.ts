import type { SQLInputValue } from 'node:sqlite';
import type { Cloud } from '../cloud.ts';
import { type Condition, fieldOf, toCondition, unknownProperty } from './filter-sql.ts';
import { parseFilter } from './filter-syntax.ts';
import { invalidQuery } from './graph-error.ts';
import type { Entity } from './schema.ts';

export const PAGE_SIZE = 50;

const OPTIONS = ['$filter', '$top', '$skip', '$orderby', '$select', '$count', '$expand'];

interface ListQuery {
  condition: Condition | null;
  orderBy: string;
  top: number;
  skip: number;
  count: boolean;
  expand: boolean;
  select: string[] | null;
}

function wholeNumber(parameters: URLSearchParams, option: string): number | null {
  const text = parameters.get(option);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text))
    throw invalidQuery(
      `Invalid value '${text}' for ${option} query option found. The ${option} query option requires a non-negative integer value.`,
    );
  return Number(text);
}

function overLimit(limit: number, option: string, value: number): Error {
  return invalidQuery(
    `The limit of '${limit}' for ${option} query has been exceeded. The value from the incoming request is '${value}'.`,
  );
}

/** The query options of a collection, or the 400 that Graph answers. */
export function readListQuery(parameters: URLSearchParams, entity: Entity, skipCap: number | false): ListQuery {
  for (const name of new Set(parameters.keys())) {
    if (!name.startsWith('$')) continue;
    if (!OPTIONS.includes(name)) throw invalidQuery(`The query parameter '${name}' is not supported.`);
    if (parameters.getAll(name).length > 1) {
      throw invalidQuery(`Query option '${name}' was specified more than once, but it must be specified at most once.`);
    }
  }
  const top = wholeNumber(parameters, '$top') ?? PAGE_SIZE;
  if (top > entity.largestTop && !entity.clampsTop) throw overLimit(entity.largestTop, 'Top', top);
  const skip = wholeNumber(parameters, '$skip') ?? 0;
  if (skipCap !== false && skip > skipCap) throw overLimit(skipCap, 'Skip', skip);
  const filter = parameters.get('$filter');
  return {
    condition: filter === null ? null : toCondition(parseFilter(filter), entity),
    orderBy: readOrder(parameters.get('$orderby'), entity),
    top: Math.min(top, entity.largestTop),
    skip,
    count: parameters.get('$count') === 'true',
    ...readShape(parameters, entity),
  };
}

export function readShape(parameters: URLSearchParams, entity: Entity): { expand: boolean; select: string[] | null } {
  const expand = parameters.get('$expand');
  const navigation = expand?.replace(/\(\)$/, '') ?? null;
  if (navigation !== null && !entity.navigation.includes(navigation)) throw unknownProperty(navigation, entity.type);
  const select =
    parameters
      .get('$select')
      ?.split(',')
      .map((name) => name.trim()) ?? null;
  for (const name of select ?? []) {
    if (!entity.properties.includes(name) && !entity.navigation.includes(name))
      throw unknownProperty(name, entity.type);
  }
  return { expand: navigation !== null, select };
}

function readOrder(text: string | null, entity: Entity): string {
  if (text === null) return 'created DESC, id DESC';
  const parts = text.split(',').map((part) => {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/);
    if (rest.length > 0 || !['asc', 'desc'].includes(direction))
      throw invalidQuery(`Syntax error in '$orderby=${text}'.`);
    return `${fieldOf([name], entity, '$orderby').column} ${direction.toUpperCase()}`;
  });
  return `${parts.join(', ')}, id ASC`;
}

export interface Page {
  bodies: string[];
  more: boolean;
  total: number | null;
}

export function runListQuery(cloud: Cloud, tid: string, entity: Entity, query: ListQuery): Page {
  const where = `tid = ?${query.condition ? ` AND ${query.condition.sql}` : ''}`;
  const values: SQLInputValue[] = [tid, ...(query.condition?.values ?? [])];
  const sql = `SELECT body FROM ${entity.table} WHERE ${where} ORDER BY ${query.orderBy} LIMIT ? OFFSET ?`;
  const rows = cloud.database.all(sql, ...values, query.top + 1, query.skip);
  const total = query.count
    ? Number(cloud.database.one(`SELECT count(*) AS n FROM ${entity.table} WHERE ${where}`, ...values)?.['n'])
    : null;
  const more = rows.length > query.top && query.top > 0;
  return { bodies: rows.slice(0, query.top).map((row) => String(row['body'])), more, total };
}

/** Absolute, with the caller's own options and the next `$skip`. */
export function nextLinkOf(url: URL, query: ListQuery): string {
  const pairs = [...url.searchParams].filter(([name]) => name !== '$skip' && name !== '$skiptoken');
  const text = [...pairs, ['$skip', String(query.skip + query.top)]]
    .map(([name = '', value = '']) => `${encodeURIComponent(name).replaceAll('%24', '$')}=${encodeURIComponent(value)}`)
    .join('&');
  return `${url.origin}${url.pathname}?${text}`;
}
