'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { startTransition, useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';

const LOOK_AGAIN_MS = 2_000;

async function isDatabaseAway(): Promise<boolean> {
  const response = await fetch('/api/health', { cache: 'no-store' });
  const { database } = (await response.json()) as { database: string };
  return database !== 'ok';
}

/**
 * What nobody foresaw, or a database that is away: nothing was half done. The server does not tell the browser which it
 * was, so the page asks, and makes itself anew once the database is back.
 */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('common.failure');
  const router = useRouter();
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    let wasAway = false;
    const look = async () => {
      const away = await isDatabaseAway().catch(() => wasAway);
      if (wasAway && !away) {
        startTransition(() => {
          router.refresh();
          reset();
        });
      }
      wasAway = away;
      setAway(away);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [router, reset]);
  return (
    <div className="mx-auto w-full max-w-[40rem] px-4 py-12">
      <h1 className="text-title">{t('title')}</h1>
      <p className="mt-2 mb-6 text-body" role="status">
        {t(isAway ? 'database' : 'text')}
      </p>
      <Button type="button" onClick={() => reset()}>
        {t('again')}
      </Button>
      {error.digest ? <p className="mt-6 font-mono text-meta text-muted">{t('code', { code: error.digest })}</p> : null}
    </div>
  );
}
