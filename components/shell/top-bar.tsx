import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { LanguageList, SectionLinks } from './current-links';
import { KeyHelp } from './key-help';
import type { Theme } from './theme';
import { ThemeChoice } from './theme-choice';

export type SectionName = 'incidents' | 'customers' | 'people' | 'audit';

const HREFS: Record<SectionName, string> = {
  incidents: '/incidents?status=open',
  customers: '/customers',
  people: '/people',
  audit: '/audit',
};

const MENU = 'account-menu';

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase();
}

function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 text-accent">
      <path
        d="M2.5 8.5 10 3l7.5 5.500v8h-15z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinejoin="round"
      />
      <circle cx="10" cy="11.5" r="2.25" fill="currentColor" />
    </svg>
  );
}

function AccountMenu({
  name,
  roles,
  theme,
  localeNames,
}: {
  name: string;
  roles: string[];
  theme: Theme | null;
  localeNames: Record<string, string>;
}) {
  const t = useTranslations('common');
  const locale = useLocale();
  return (
    <>
      <button
        type="button"
        popoverTarget={MENU}
        className="flex size-8 items-center justify-center rounded-full border border-control font-medium text-meta hover:bg-hover pointer-coarse:size-11"
      >
        <span aria-hidden="true">{initialsOf(name)}</span>
        <span className="sr-only">{t('account.label', { name })}</span>
      </button>
      <div
        id={MENU}
        popover="auto"
        className="fixed inset-auto top-12 right-2 m-0 w-64 space-y-3 rounded-control border border-line bg-background p-3 text-text text-ui shadow-overlay"
      >
        <div>
          <p className="break-words font-semibold">{name}</p>
          <p className="text-meta text-muted">{roles.map((role) => t(`roles.${role}`)).join(', ')}</p>
        </div>
        <ThemeChoice
          initial={theme}
          labels={{
            legend: t('account.theme'),
            system: t('account.themeSystem'),
            light: t('account.themeLight'),
            dark: t('account.themeDark'),
          }}
        />
        <nav aria-label={t('account.language')}>
          <p className="mb-1 font-medium">{t('account.language')}</p>
          <LanguageList current={locale} names={localeNames} />
        </nav>
        <form method="post" action="/sign-out">
          <Button className="w-full">{t('account.signOut')}</Button>
        </form>
      </div>
    </>
  );
}

/** The bar above every signed-in page: where one is, the keys, oneself. */
export function TopBar({
  sections,
  ...account
}: {
  sections: SectionName[];
  name: string;
  roles: string[];
  theme: Theme | null;
  localeNames: Record<string, string>;
}) {
  const t = useTranslations('common');
  const keys = (['j', 'k', 'Enter', 'n', '/', 'o', '?'] as const).map((key): [string, string] => [
    key,
    t(
      `keys.${({ j: 'next', k: 'previous', Enter: 'openRow', n: 'showNew', '/': 'search', o: 'openAll', '?': 'help' } as const)[key]}`,
    ),
  ]);
  return (
    <header className="border-line border-b bg-background px-4 print:hidden">
      <a
        href="#content"
        className="link sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-20 focus:bg-background focus:p-2"
      >
        {t('skipToContent')}
      </a>
      <div className="flex min-h-12 items-center gap-x-4">
        <Link href="/" className="flex items-center gap-2 font-semibold text-ui">
          <BrandMark />
          <span className="max-phone:sr-only">{t('productName')}</span>
        </Link>
        <nav aria-label={t('navigation.label')} className="min-w-0 flex-1">
          <ul className="flex flex-wrap">
            <SectionLinks
              links={sections.map((section) => ({ href: HREFS[section], label: t(`navigation.${section}`) }))}
            />
          </ul>
        </nav>
        <div className="max-phone:hidden">
          <KeyHelp
            labels={{
              open: t('keys.open'),
              title: t('keys.title'),
              close: t('keys.close'),
              enabled: t('keys.enabled'),
              enabledHint: t('keys.enabledHint'),
            }}
            keys={keys}
          />
        </div>
        <AccountMenu {...account} />
      </div>
    </header>
  );
}
