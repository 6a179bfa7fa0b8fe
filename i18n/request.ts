import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { LOCALE_COOKIE, LOCALE_HEADER } from '@/lib/locale-choice';
import { type Locale, localeFrom, localeFromAcceptLanguage } from '@/lib/locales';

const NAMESPACES = ['common', 'incidents', 'customers', 'consent', 'access', 'errors'] as const;

async function messagesOf(locale: Locale): Promise<Record<string, unknown>> {
  const parts = await Promise.all(
    NAMESPACES.map(async (namespace) => {
      const { default: messages } = (await import(`../messages/${locale}/${namespace}.json`)) as { default: unknown };
      return [namespace, messages] as const;
    }),
  );
  return Object.fromEntries(parts);
}

// Chosen on the page (`?lang=`), else chosen before (cookie), else what the browser asks for.
export default getRequestConfig(async () => {
  const incoming = await headers();
  const locale =
    localeFrom(incoming.get(LOCALE_HEADER)) ??
    localeFrom((await cookies()).get(LOCALE_COOKIE)?.value) ??
    localeFromAcceptLanguage(incoming.get('accept-language'));
  return { locale, messages: await messagesOf(locale), timeZone: 'UTC' };
});
