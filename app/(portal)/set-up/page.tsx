import { getTranslations } from 'next-intl/server';
import { SetUpForm } from '@/components/access/set-up-form';
import { ClientMessages } from '@/components/shell/client-messages';
import { PageHeader } from '@/components/ui/page-header';
import { requireActor } from '@/lib/access/session';
import { needsSetUp } from '@/lib/access/set-up';
import { submitSetUp } from './actions';

export default async function SetUpPage() {
  await requireActor();
  const t = await getTranslations('access.setUp');
  const isOpen = await needsSetUp();
  return (
    <>
      <PageHeader title={t('title')} meta={isOpen ? t('intro') : t('done')} />
      {isOpen ? (
        <ClientMessages namespaces={['access', 'errors']}>
          <SetUpForm submit={submitSetUp} />
        </ClientMessages>
      ) : null}
    </>
  );
}
