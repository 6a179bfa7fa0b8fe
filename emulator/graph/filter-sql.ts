import type { SQLInputValue } from 'node:sqlite';
import { parseTicks } from '../state/ticks.ts';
import type { Filter, Literal, Operator } from './filter-syntax.ts';
import { invalidQuery } from './graph-error.ts';
import type { Entity, Field } from './schema.ts';

export interface Condition {
  sql: string;
  values: SQLInputValue[];
}

// OData: a comparison with null is false (never unknown), except eq and ne, which know null.
const SQL_OPERATORS: Record<Operator, string> = { eq: 'IS', ne: 'IS NOT', gt: '>', ge: '>=', lt: '<', le: '<=' };
const OPERATOR_NAMES: Record<Operator, string> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
};

/** A filter as an SQL condition over the entity's table, checked against its schema on the way. */
export function toCondition(filter: Filter, entity: Entity): Condition {
  switch (filter.node) {
    case 'and':
    case 'or': {
      const left = toCondition(filter.left, entity);
      const right = toCondition(filter.right, entity);
      const sql = `(${left.sql} ${filter.node.toUpperCase()} ${right.sql})`;
      return { sql, values: [...left.values, ...right.values] };
    }
    case 'not': {
      const inner = toCondition(filter.inner, entity);
      return { sql: `NOT ${inner.sql}`, values: inner.values };
    }
    case 'compare':
      return compare(fieldOf(filter.path, entity), filter.operator, filter.value);
    case 'in': {
      const field = fieldOf(filter.path, entity);
      const parts = filter.values.map((value) => compare(field, 'eq', value));
      return { sql: `(${parts.map((part) => part.sql).join(' OR ')})`, values: parts.flatMap((part) => part.values) };
    }
    case 'any':
      return any(filter, entity);
  }
}

export function unknownProperty(name: string, type: string): Error {
  return invalidQuery(`Could not find a property named '${name}' on type '${type}'.`);
}

export function fieldOf(path: string[], entity: Entity, option = '$filter'): Field {
  const [name = ''] = path;
  const field = path.length === 1 ? entity.queryable[name] : undefined;
  if (field) return field;
  if (entity.properties.includes(name) || entity.navigation.includes(name)) {
    throw invalidQuery(`The property '${name}' cannot be used in the ${option} query option.`);
  }
  throw unknownProperty(name, entity.type);
}

function compare(field: Field, operator: Operator, value: Literal): Condition {
  const sql = SQL_OPERATORS[operator];
  const condition = (operand: SQLInputValue) => ({
    sql:
      operator === 'eq' || operator === 'ne' ? `(${field.column} ${sql} ?)` : `coalesce(${field.column} ${sql} ?, 0)`,
    values: [operand],
  });
  if (value.kind === 'null') return condition(null);
  if (field.kind === 'ticks') {
    const ticks = value.kind === 'date' ? parseTicks(value.value) : null;
    if (ticks === null) throw incompatible('Edm.DateTimeOffset', value, operator);
    return { sql: `(${field.column} ${sql} ?)`, values: [ticks] };
  }
  if (value.kind !== 'text') throw incompatible('Edm.String', value, operator);
  if (field.kind === 'enum' && !field.members?.includes(value.value)) {
    throw invalidQuery(`The string '${value.value}' is not a valid enumeration type constant.`);
  }
  return condition(value.value);
}

function incompatible(expected: string, value: Literal, operator: Operator): Error {
  const types = {
    text: 'Edm.String',
    date: 'Edm.DateTimeOffset',
    number: 'Edm.Int32',
    boolean: 'Edm.Boolean',
    null: '<null>',
  };
  return invalidQuery(
    `A binary operator with incompatible types was detected. Found operand types '${expected}' and '${types[value.kind]}' for operator kind '${OPERATOR_NAMES[operator]}'.`,
  );
}

/** `evidence/any(e: e/microsoft.graph.security.deviceEvidence/deviceDnsName eq 'host')` */
function any(filter: Filter & { node: 'any' }, entity: Entity): Condition {
  const [name = ''] = filter.path;
  if (filter.path.length !== 1 || !entity.collections.includes(name)) throw unknownProperty(name, entity.type);
  const source = `json_each(${entity.table}.body, '$.${name}') AS element`;
  const inner = filter.inner ? elementCondition(filter.inner, filter.variable) : { sql: '1', values: [] };
  return { sql: `EXISTS (SELECT 1 FROM ${source} WHERE ${inner.sql})`, values: inner.values };
}

function elementCondition(filter: Filter, variable: string): Condition {
  switch (filter.node) {
    case 'and':
    case 'or': {
      const left = elementCondition(filter.left, variable);
      const right = elementCondition(filter.right, variable);
      const sql = `(${left.sql} ${filter.node.toUpperCase()} ${right.sql})`;
      return { sql, values: [...left.values, ...right.values] };
    }
    case 'not': {
      const inner = elementCondition(filter.inner, variable);
      return { sql: `NOT ${inner.sql}`, values: inner.values };
    }
    case 'compare':
      return elementComparison(filter.path, variable, filter.operator, filter.value);
    case 'in': {
      const parts = filter.values.map((value) => elementComparison(filter.path, variable, 'eq', value));
      return { sql: `(${parts.map((part) => part.sql).join(' OR ')})`, values: parts.flatMap((part) => part.values) };
    }
    case 'any':
      throw invalidQuery('Nested lambda expressions are not supported.');
  }
}

function elementComparison(path: string[], variable: string, operator: Operator, value: Literal): Condition {
  const [root, ...rest] = path;
  if (root !== variable || rest.length === 0)
    throw unknownProperty(path.join('/'), 'microsoft.graph.security.alertEvidence');
  const cast = rest[0]?.includes('.') ? rest.shift() : undefined;
  // The parser lets only word characters into a path, so it cannot break out of the JSON path.
  const member = `json_extract(element.value, '$${rest.map((segment) => `."${segment}"`).join('')}')`;
  const operand = value.kind === 'null' ? null : value.kind === 'boolean' ? Number(value.value) : value.value;
  const comparison = `coalesce(${member} ${SQL_OPERATORS[operator]} ?, 0)`;
  if (cast === undefined) return { sql: comparison, values: [operand] };
  const typed = `json_extract(element.value, '$."@odata.type"') = ?`;
  return { sql: `(${typed} AND ${comparison})`, values: [`#${cast}`, operand] };
}
