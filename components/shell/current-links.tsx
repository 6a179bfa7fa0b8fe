'use client';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { classNames } from '@/components/ui/class-names';

/** The portal's sections, the present one marked. */
export function SectionLinks({ links }: { links: { href: string; label: string }[] }) {
  const pathname = usePathname();
  return links.map(({ href, label }) => {
    const path = href.split('?')[0] ?? href;
    const isCurrent = pathname === path || pathname.startsWith(`${path}/`);
    return (
      <li key={href}>
        <Link
          href={href}
          aria-current={isCurrent ? 'page' : undefined}
          className={classNames(
            'flex h-12 items-center border-b-2 px-2 text-ui',
            isCurrent ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-text',
          )}
        >
          {label}
        </Link>
      </li>
    );
  });
}

/** This page in the other languages; the choice is kept by the server that answers it. */
export function LanguageList({ current, names }: { current: string; names: Record<string, string> }) {
  const pathname = usePathname();
  const search = useSearchParams();
  return (
    <ul>
      {Object.entries(names).map(([locale, name]) => {
        const parameters = new URLSearchParams(search);
        parameters.set('lang', locale);
        return (
          <li key={locale}>
            <a
              href={`${pathname}?${parameters}`}
              lang={locale}
              aria-current={locale === current ? 'true' : undefined}
              className={classNames(
                'flex min-h-6 items-center rounded-control px-1 py-0.5 hover:bg-hover',
                locale === current && 'font-semibold',
              )}
            >
              {name}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
