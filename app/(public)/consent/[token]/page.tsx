import type { Metadata } from 'next';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { cache } from 'react';
import { LanguageLinks } from '@/components/access/language-links';
import { InvitationRequest } from '@/components/consent/invitation-request';
import { findInvitation } from '@/lib/consent/queries';
import { publicUrl } from '@/lib/env';

// The title and the page show the same invitation: one look at the database for both.
const invitationOf = cache(findInvitation);

interface Props {
  params: Promise<{ token: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const invitation = await invitationOf((await params).token);
  const t = await getTranslations('consent');
  return {
    title: invitation ? t('title', { partner: invitation.partnerName }) : t('unknownLink.title'),
    robots: { index: false },
  };
}

export default async function InvitationPage({ params }: Props) {
  const { token } = await params;
  const invitation = await invitationOf(token);
  const t = await getTranslations('consent');
  const format = await getFormatter();
  const locale = await getLocale();
  const languages = <LanguageLinks current={locale} label={t('languages')} />;
  if (!invitation) {
    return (
      <main>
        {languages}
        <h1 className="text-title">{t('unknownLink.title')}</h1>
        <p className="mt-4">{t('unknownLink.text')}</p>
      </main>
    );
  }
  if (invitation.status !== 'open') {
    const date = format.dateTime(invitation.usedAt ?? invitation.expiresAt, { dateStyle: 'long' });
    const values = {
      date,
      asker: invitation.askedBy,
      partner: invitation.partnerName,
      phone: invitation.partnerPhone,
    };
    return (
      <main>
        {languages}
        <h1 className="text-title">{t(`${invitation.status}.title`)}</h1>
        <p className="mt-4">{t(`${invitation.status}.text`, values)}</p>
      </main>
    );
  }
  const path = `/consent/${encodeURIComponent(token)}`;
  return (
    <main>
      {languages}
      <InvitationRequest invitation={invitation} path={path} link={`${publicUrl()}${path}?lang=${locale}`} />
    </main>
  );
}
