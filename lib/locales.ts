/** The languages of the product, as BCP 47 tags; the first is the fallback. */
export const LOCALES = ['en', 'es', 'fr', 'da', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

/** Each language in its own words. */
export const LOCALE_NAMES: Record<Locale, string> = {
  en: 'English',
  es: 'Español',
  fr: 'Français',
  da: 'Dansk',
  'zh-CN': '简体中文',
};

/** A language tag from outside; null when we don't speak it. */
export function localeFrom(text: string | null | undefined): Locale | null {
  if (!text) return null;
  const wanted = text.toLowerCase();
  return (
    LOCALES.find((locale) => locale.toLowerCase() === wanted) ??
    LOCALES.find((locale) => locale.split('-')[0]?.toLowerCase() === wanted.split('-')[0]) ??
    null
  );
}

/** The best of our languages for an Accept-Language header; `en` when none fits. */
export function localeFromAcceptLanguage(header: string | null): Locale {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { tag, quality: quality ? Number(quality) : 1 };
    })
    .filter(({ tag, quality }) => tag && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    const locale = localeFrom(tag);
    if (locale) return locale;
  }
  return 'en';
}
