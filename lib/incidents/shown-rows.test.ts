import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRowKey, rowKeyText, shownRowsFrom } from './shown-rows';

it('gives back the rows that a page wrote down, whatever ids Microsoft may use', () => {
  const key = fc.record({ slug: fc.stringMatching(/^[a-z0-9-]{1,30}$/), id: fc.string({ unit: 'grapheme' }) });
  fc.assert(
    fc.property(fc.array(key.filter(isRowKey), { maxLength: 50 }), (rows) => {
      expect(shownRowsFrom(rows.map(rowKeyText).join(','), null)).toEqual({ rows, floor: null });
    }),
  );
});

it('refuses what is not of our making, without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string()), (rows, floor) => {
      const shown = shownRowsFrom(rows, floor);
      for (const row of shown?.rows ?? []) expect(isRowKey(row)).toBe(true);
    }),
  );
  expect(shownRowsFrom('fabrikam/%00', null)).toBeNull();
  expect(shownRowsFrom('fabrikam', null)).toBeNull();
  expect(shownRowsFrom('Fabrikam/1', null)).toBeNull();
  expect(shownRowsFrom('', 'x')).toBeNull();
  expect(shownRowsFrom(Array.from({ length: 101 }, () => 'a/1').join(','), null)).toBeNull();
});
