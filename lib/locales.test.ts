import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCALES, localeFrom, localeFromAcceptLanguage } from './locales';

describe('the language of a request', () => {
  it.each([
    ['da-DK,da;q=0.9,en;q=0.8', 'da'],
    ['de-DE, fr;q=0.7, es;q=0.9', 'es'],
    ['zh-TW,zh;q=0.9', 'zh-CN'],
    ['en;q=0, da', 'da'],
    ['xx', 'en'],
    ['', 'en'],
    [null, 'en'],
  ])('%j is served in %s', (header, locale) => {
    expect(localeFromAcceptLanguage(header)).toBe(locale);
  });

  it('is one of ours for any header whatever', () => {
    fc.assert(fc.property(fc.string(), (header) => LOCALES.includes(localeFromAcceptLanguage(header))));
  });

  it('is not guessed from nothing', () => {
    expect(localeFrom('')).toBeNull();
    expect(localeFrom('tlh')).toBeNull();
    expect(localeFrom('ZH-cn')).toBe('zh-CN');
  });
});
