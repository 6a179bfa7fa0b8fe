import { cookies } from 'next/headers';
import { getFormatter, getLocale, getTranslations } from 'next-intl/server';
import { LanguageLinks } from '@/components/access/language-links';
import { ConsentResult } from '@/components/consent/consent-result';
import { CONSENT_COOKIE } from '@/lib/consent/cookie';
import { findConsent } from '@/lib/consent/queries';
import { consentStanding } from '@/lib/consent/standing';

interface Props {
  searchParams: Promise<{ outcome?: string | string[] }>;
}

export default async function ConsentResultPage({ searchParams }: Props) {
  const { outcome } = await searchParams;
  const flowCookie = (await cookies()).get(CONSENT_COOKIE)?.value;
  // An outcome in the address belongs to a return that this browser did not begin, so it names no customer.
  const consent = outcome === undefined && flowCookie ? await findConsent(flowCookie) : null;
  const standing = consentStanding(consent, typeof outcome === 'string' ? outcome : null);
  const t = await getTranslations('consent');
  const format = await getFormatter();
  const time = consent?.verifiedAt
    ? `${format.dateTime(consent.verifiedAt, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`
    : '';
  return (
    <main>
      <LanguageLinks current={await getLocale()} label={t('languages')} />
      <ConsentResult standing={standing} consent={consent} time={time} />
    </main>
  );
}
