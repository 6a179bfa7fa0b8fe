import { createTranslator } from 'next-intl';
import { expect, it } from 'vitest';
import { LOCALES } from '@/lib/locales';

/** What an administrator reads before the button, in the page's order. */
const BEFORE_THE_BUTTON = [
  'title',
  'forDomain',
  'unexpected',
  'will',
  'willRead',
  'willNot',
  'willNotChange',
  'willNotRead',
  'stop',
  'who',
  'forwardSummary',
  'microsoft',
  'continue',
  'decline',
];
const NAMES = {
  partner: 'Nordsikring A/S',
  customer: 'Fabrikam ApS',
  domain: 'fabrikam.dk',
  asker: 'Mette Krogh',
  phone: '+45\u00a070\u00a000\u00a000\u00a000',
  application: 'Nordsikring Watchfold',
};
/** Words; in Chinese each character counts as one. */
const MOST = { en: 150, es: 180, fr: 180, da: 180, 'zh-CN': 300 };

const wordsIn = (text: string) => text.match(/\p{Script=Han}|[^\s\p{Script=Han}]+/gu)?.length ?? 0;

it.each(LOCALES)('a customer’s administrator reaches the button in a minute’s reading in %s', async (locale) => {
  const { default: messages } = (await import(`./${locale}/consent.json`)) as { default: Record<string, string> };
  const t = createTranslator({ locale, messages });
  const words = BEFORE_THE_BUTTON.reduce((sum, key) => sum + wordsIn(t(key, NAMES)), 0);
  expect(words).toBeGreaterThan(50);
  expect(words).toBeLessThanOrEqual(MOST[locale]);
});
