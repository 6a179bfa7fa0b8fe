import { getTranslations } from 'next-intl/server';
import { LinkButton } from '@/components/ui/button';

/** The same for what does not exist and for what is somebody else's. */
export default async function NotFound() {
  const t = await getTranslations('errors');
  return (
    <div className="mx-auto w-full max-w-[40rem] px-4 py-12">
      <h1 className="text-title">{t('pageNotFoundTitle')}</h1>
      <p className="mt-2 mb-6 text-body">{t('notFound')}</p>
      <LinkButton href="/">{t('home')}</LinkButton>
    </div>
  );
}
