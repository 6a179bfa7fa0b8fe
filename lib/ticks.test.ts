import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOfTicks, ticksOf } from './ticks';

const YEAR_2100_TICKS = 41_024_448_000_000_000n;

describe('ticks', () => {
  it('keep what a Date would cut', () => {
    const one = ticksOf('2026-01-22T12:09:23.1433333Z');
    const other = ticksOf('2026-01-22T12:09:23.1433334Z');
    expect(one !== null && other !== null && other - one).toBe(1n);
  });

  it.each([
    ['2026-01-22T12:09:23Z', '2026-01-22T12:09:23.0000000Z'],
    ['2026-01-22T12:09:23.1Z', '2026-01-22T12:09:23.1000000Z'],
    ['2026-01-22T14:09:23.12+02:00', '2026-01-22T12:09:23.1200000Z'],
  ])('of %s are those of %s', (text, whole) => {
    expect(textOfTicks(ticksOf(text) ?? 0n)).toBe(whole);
  });

  it('come back from their text unchanged, and in the order of their texts', () => {
    const ticks = fc.bigInt({ min: 0n, max: YEAR_2100_TICKS });
    fc.assert(
      fc.property(ticks, ticks, (a, b) => {
        expect(ticksOf(textOfTicks(a))).toBe(a);
        expect(textOfTicks(a) < textOfTicks(b)).toBe(a < b);
      }),
    );
  });

  it.each([
    '',
    'yesterday',
    '2026-01-22',
    '2026-13-41T99:99:99Z',
    '2026-01-22T12:09:23.12345678Z',
    '2026-01-22T12:09:23',
  ])('are none for %j', (text) => {
    expect(ticksOf(text)).toBeNull();
  });
});
