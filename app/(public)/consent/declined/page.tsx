import { getTranslations } from 'next-intl/server';

export default async function DeclinedPage() {
  const t = await getTranslations('consent.declined');
  return (
    <main>
      <h1 className="text-title">{t('title')}</h1>
      <p className="mt-4">{t('text')}</p>
    </main>
  );
}
