import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getMessages, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { THEME_COOKIE, themeFrom } from '@/components/shell/theme';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common');
  const productName = t('productName');
  return { title: { default: productName, template: `%s · ${productName}` }, robots: { index: false, follow: false } };
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const theme = themeFrom((await cookies()).get(THEME_COOKIE)?.value);
  const { common } = (await getMessages()) as { common: { failure: object } };
  return (
    <html lang={locale} data-theme={theme ?? undefined} className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        {/* Pages are made on the server; the browser needs the words of what fails there only. */}
        <NextIntlClientProvider messages={{ common: { failure: common.failure } }}>{children}</NextIntlClientProvider>
      </body>
    </html>
  );
}
