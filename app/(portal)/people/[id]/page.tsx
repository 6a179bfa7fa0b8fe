import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AccessForm } from '@/components/access/access-form';
import { ClientMessages } from '@/components/shell/client-messages';
import { PageHeader } from '@/components/ui/page-header';
import { listPeople } from '@/lib/access/people';
import { ROLES } from '@/lib/access/permissions';
import { requirePermission } from '@/lib/access/session';
import { listCustomerNames } from '@/lib/customers/queries';
import { saveAccess } from './actions';

interface Props {
  params: Promise<{ id: string }>;
}

export default async function PersonPage({ params }: Props) {
  const actor = await requirePermission('user.write');
  const { id } = await params;
  const person = (await listPeople(actor)).find((candidate) => candidate.id === id);
  if (!person) notFound();
  const customers = await listCustomerNames(actor);
  const t = await getTranslations('access.people');
  return (
    <>
      <PageHeader
        title={t('editTitle', { name: person.displayName })}
        back={{ href: '/people', label: t('back') }}
        meta={person.id === actor.userId ? `${person.userName} · ${t('yourself')}` : person.userName}
      />
      <ClientMessages namespaces={['access', 'errors']}>
        <AccessForm person={person} roles={ROLES} customers={customers} submit={saveAccess} />
      </ClientMessages>
    </>
  );
}
