import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getLocale, getTranslations } from 'next-intl/server';
import { LanguageLinks } from '@/components/access/language-links';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { currentActor } from '@/lib/access/session';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('access.signIn'))('title') };
}

interface Props {
  searchParams: Promise<{ error?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: Props) {
  if (await currentActor()) redirect('/');
  const t = await getTranslations('access.signIn');
  const common = await getTranslations('consent');
  const { error } = await searchParams;
  const code = typeof error === 'string' && /^[A-Za-z]{1,40}$/.test(error) ? error : null;
  return (
    <main>
      <LanguageLinks current={await getLocale()} label={common('languages')} />
      <h1 className="text-title">{t('title')}</h1>
      <p className="mt-2 mb-6 text-muted">{t('intro')}</p>
      {code ? (
        <Notice kind="error" className="mb-6" code={`${t('code')} ${code} · ${new Date().toISOString()}`}>
          {t(code === 'AccessDenied' ? 'refused' : 'failed')}
        </Notice>
      ) : null}
      <form method="post" action="/sign-in/start">
        <Button variant="primary" className="min-h-11 text-body">
          {t('button')}
        </Button>
      </form>
    </main>
  );
}
