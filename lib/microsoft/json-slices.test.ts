import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementTexts, withoutMembers } from './json-slices';

test('every element keeps its own text, whatever it holds and however it is laid out', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), fc.nat(4), (elements, other, indent) => {
      const text = JSON.stringify({ before: other, value: elements, after: other }, null, indent);
      const slices = elementTexts(text, 'value');
      expect(slices.map((slice) => JSON.parse(slice))).toEqual(JSON.parse(JSON.stringify(elements)));
      for (const slice of slices) expect(text).toContain(slice);
    }),
    { numRuns: 500 },
  );
});

test('numbers that JavaScript would round stay as they were sent', () => {
  expect(elementTexts('{"value":[{"id":12345678901234567890, "n" : 1.10}]}', 'value')).toEqual([
    '{"id":12345678901234567890, "n" : 1.10}',
  ]);
});

test('brackets and quotes inside strings do not end an element', () => {
  const element = String.raw`{"title":"]}, \"{[\\","x":[1]}`;
  expect(elementTexts(`{"value":[${element},2]}`, 'value')).toEqual([element, '2']);
});

test('of two members of one name the last counts, as for JSON.parse', () => {
  expect(elementTexts('{"value":[1],"value":[2]}', 'value')).toEqual(['2']);
});

test('a member that is missing or no array has no elements', () => {
  expect(elementTexts('{"other":[1]}', 'value')).toEqual([]);
  expect(elementTexts('{"value":"[1]"}', 'value')).toEqual([]);
  expect(elementTexts('[1]', 'value')).toEqual([]);
});

test('members are cut out and the others keep their text', () => {
  const text = '{ "id":"1","alerts@odata.context":"x", "alerts" : [{"id":"a"}], "n":1.50 }';
  expect(withoutMembers(text, new Set(['alerts', 'alerts@odata.context']))).toBe('{"id":"1","n":1.50}');
  expect(withoutMembers(text, new Set(['absent']))).toBe(text);
});

test('what is left after cutting parses to the same object without those members', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (object, alerts) => {
      const cut = withoutMembers(JSON.stringify({ ...object, alerts }), new Set(['alerts']));
      const { alerts: _, ...rest } = JSON.parse(JSON.stringify({ ...object, alerts })) as Record<string, unknown>;
      expect(JSON.parse(cut)).toEqual(rest);
    }),
  );
});
