import { NextIntlClientProvider } from 'next-intl';
import { getMessages, getTranslations } from 'next-intl/server';
import { PageHeader } from '@/components/ui/page-header';
import { RefusedFilter } from './refused-filter';

/** The queue's address was not understood; nothing ran. */
export default async function QueueNotFound() {
  const t = await getTranslations('incidents');
  const { incidents } = (await getMessages()) as { incidents: { filter: { notUnderstood: object } } };
  const { notUnderstood } = incidents.filter;
  return (
    <>
      <PageHeader title={t('title')} />
      <NextIntlClientProvider messages={{ incidents: { filter: { notUnderstood } } }}>
        <RefusedFilter />
      </NextIntlClientProvider>
    </>
  );
}
