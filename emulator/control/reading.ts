import { parseObject } from '../http/exchange.ts';

/** A mistake of the caller, answered with 400 and its text. */
export class ControlFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Json = Record<string, unknown>;

export function readBody(text: string): Json {
  if (text === '') return {};
  const body = parseObject(text);
  if (!body) throw new ControlFailure(400, 'The body is not a JSON object.');
  return body;
}

export function allowOnly(body: Json, names: string[]): void {
  const stray = Object.keys(body).filter((name) => !names.includes(name));
  if (stray.length > 0) throw new ControlFailure(400, `Unknown: ${stray.join(', ')}. Known: ${names.join(', ')}.`);
}

function wrong(name: string, expected: string): ControlFailure {
  return new ControlFailure(400, `${name} must be ${expected}.`);
}

export function text(body: Json, name: string, otherwise: string): string {
  const value = body[name] ?? otherwise;
  if (typeof value !== 'string') throw wrong(name, 'a text');
  return value;
}

export function number(body: Json, name: string, otherwise: number): number {
  const value = body[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw wrong(name, 'a number, 0 or more');
  return value;
}

export function texts(body: Json, name: string, otherwise: string[]): string[] {
  const value = body[name] ?? otherwise;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw wrong(name, 'a list of texts');
  return value;
}

export function object(body: Json, name: string): Json {
  const value = body[name] ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object');
  return value as Json;
}

export function objects(body: Json, name: string): Json[] | null {
  const value = body[name];
  if (value === undefined) return null;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'object' && item !== null)) {
    throw wrong(name, 'a list of objects');
  }
  return value as Json[];
}
