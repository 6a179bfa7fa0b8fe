import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { THEME_COOKIE, themeFrom } from '@/components/shell/theme';
import { type SectionName, TopBar } from '@/components/shell/top-bar';
import { can, type Permission } from '@/lib/access/permissions';
import { requireActor } from '@/lib/access/session';
import { LOCALE_NAMES } from '@/lib/locales';

const SECTIONS: [SectionName, Permission][] = [
  ['incidents', 'incident.read'],
  ['customers', 'customer.read'],
  ['people', 'user.read'],
  ['audit', 'audit.read'],
];

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor();
  return (
    <>
      <TopBar
        sections={SECTIONS.filter(([, permission]) => can(actor, permission)).map(([section]) => section)}
        name={actor.displayName}
        roles={actor.roles}
        theme={themeFrom((await cookies()).get(THEME_COOKIE)?.value)}
        localeNames={LOCALE_NAMES}
      />
      <main id="content" tabIndex={-1} className="mx-auto max-w-[100rem] px-4 pb-16">
        {children}
      </main>
    </>
  );
}
