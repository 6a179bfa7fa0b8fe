import { getLocale, getTranslations } from 'next-intl/server';
import { NewCustomerForm } from '@/components/customers/new-customer-form';
import { ClientMessages } from '@/components/shell/client-messages';
import { PageHeader } from '@/components/ui/page-header';
import { requirePermission } from '@/lib/access/session';
import { submitCustomer } from './actions';

export async function generateMetadata() {
  return { title: (await getTranslations('customers.new'))('title') };
}

export default async function NewCustomerPage() {
  await requirePermission('customer.write');
  const t = await getTranslations('customers.new');
  return (
    <>
      <PageHeader title={t('title')} back={{ href: '/customers', label: t('back') }} />
      <ClientMessages namespaces={['customers', 'errors']}>
        <NewCustomerForm submit={submitCustomer} locale={await getLocale()} />
      </ClientMessages>
    </>
  );
}
