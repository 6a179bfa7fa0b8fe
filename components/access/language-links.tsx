import { LOCALE_NAMES, LOCALES, type Locale } from '@/lib/locales';

/** The same page in the other languages, as plain links. */
export function LanguageLinks({ current, label }: { current: string; label: string }) {
  return (
    <nav aria-label={label} className="mb-8 flex flex-wrap gap-x-4 gap-y-1 text-ui">
      {LOCALES.map((locale: Locale) =>
        locale === current ? (
          <span key={locale} aria-current="true" lang={locale} className="inline-flex min-h-6 items-center font-medium">
            {LOCALE_NAMES[locale]}
          </span>
        ) : (
          <a key={locale} href={`?lang=${locale}`} lang={locale} className="link inline-flex min-h-6 items-center">
            {LOCALE_NAMES[locale]}
          </a>
        ),
      )}
    </nav>
  );
}
