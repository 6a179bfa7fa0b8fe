import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indented } from './indented-json';

it('indents without changing a value, even a number that a parser would round', () => {
  expect(indented('{"id":12345678901234567890,"tags":[],"a":{"b":"x, {y}"}}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "tags": [],\n  "a": {\n    "b": "x, {y}"\n  }\n}',
  );
});

it('says the same as what it was given, whatever that is', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(JSON.parse(indented(json))).toEqual(JSON.parse(json));
    }),
  );
});

it('does not break on a text that is no JSON', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof indented(text)).toBe('string');
    }),
  );
});
