import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorFrom, cursorText } from './cursor';
import { filterFrom, filterQuery, queueHref, SEVERITIES, STATUSES, without } from './filter';

function paramsOf(href: string): Record<string, string[]> {
  const { searchParams } = new URL(href, 'http://localhost');
  return Object.fromEntries([...new Set(searchParams.keys())].map((key) => [key, searchParams.getAll(key)]));
}

const anyFilter = fc.record({
  severities: fc.uniqueArray(fc.constantFrom(...SEVERITIES)),
  statuses: fc.uniqueArray(fc.constantFrom(...STATUSES)),
  customers: fc.uniqueArray(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/), { maxLength: 5 }),
  after: fc.option(
    fc.record({ arrivedAtMs: fc.integer({ min: 0, max: 4e12 }), seq: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) }),
  ),
});

describe('filters in an address', () => {
  it('never throw, whatever the address holds', () => {
    const value = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())), { nil: undefined });
    const keys = fc.oneof(
      fc.constantFrom('severity', 'status', 'customer', 'after', '__proto__', 'constructor'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.dictionary(keys, value), (params) => {
        const parsed = filterFrom(params);
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  it('come back from an address as they went in', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(filterFrom(paramsOf(queueHref(filter)))).toEqual({ ok: true, filter });
      }),
    );
  });

  it('take what a plain form sends: repeated keys, and empty ones for all', () => {
    const parsed = filterFrom({ severity: ['high', 'medium'], status: '', customer: '' });
    expect(parsed).toEqual({
      ok: true,
      filter: { severities: ['high', 'medium'], statuses: [], customers: [], after: null },
    });
  });

  it('know the words of Defender’s portal and ignore case', () => {
    expect(filterFrom({ status: 'New,INPROGRESS' })).toMatchObject({ filter: { statuses: ['active', 'inProgress'] } });
  });

  it('name each part that means nothing, and offer the rest', () => {
    expect(filterFrom({ severity: 'high,purple', colour: 'red', after: 'x' })).toEqual({
      ok: false,
      problems: [
        { kind: 'unknownValue', key: 'severity', value: 'purple' },
        { kind: 'unknownKey', key: 'colour', value: 'red' },
        { kind: 'malformedCursor', key: 'after', value: 'x' },
      ],
      filter: { severities: ['high'], statuses: [], customers: [], after: null },
    });
  });

  it('refuse names that every object has', () => {
    expect(filterFrom({ status: 'constructor' }).ok).toBe(false);
    expect(filterFrom({ toString: 'x' }).ok).toBe(false);
  });

  it('leave the page’s language alone', () => {
    expect(filterFrom({ lang: 'da', status: 'open' }).ok).toBe(true);
  });

  it('widen to the first page', () => {
    const parsed = filterFrom({ severity: 'high', status: 'open', after: '5-5' });
    if (!parsed.ok) throw new Error('understood');
    expect(queueHref(without(parsed.filter, 'severity'))).toBe('/incidents?status=open');
    expect(filterQuery(parsed.filter)).toBe('severity=high&status=open');
  });
});

describe('a cursor', () => {
  it('never throws and never leads beyond what PostgreSQL can read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,25}-\d{1,25}$/)), (text) => {
        const cursor = cursorFrom(text);
        if (!cursor) return;
        expect(new Date(cursor.arrivedAtMs).getUTCFullYear()).toBeLessThan(10_000);
        expect(cursor.seq).toBeLessThan(2n ** 63n);
        expect(cursorFrom(cursorText(cursor))).toEqual(cursor);
      }),
    );
  });
});
