'use client';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';

/** What nobody foresaw, or a database that is away: nothing was half done, and the page can be tried again. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('common.failure');
  return (
    <div className="mx-auto w-full max-w-[40rem] px-4 py-12">
      <h1 className="text-title">{t('title')}</h1>
      <p className="mt-2 mb-6 text-body">{t('text')}</p>
      <Button type="button" onClick={() => reset()}>
        {t('again')}
      </Button>
      {error.digest ? <p className="mt-6 font-mono text-meta text-muted">{t('code', { code: error.digest })}</p> : null}
    </div>
  );
}
