import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { PageHeader } from '@/components/ui/page-header';
import { StatusLabel } from '@/components/ui/status-icon';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { TimeText } from '@/components/ui/time-text';
import { listPeople } from '@/lib/access/people';
import { can } from '@/lib/access/permissions';
import { requirePermission } from '@/lib/access/session';

export async function generateMetadata() {
  return { title: (await getTranslations('access.people'))('title') };
}

export default async function PeoplePage() {
  const actor = await requirePermission('user.read');
  const people = await listPeople(actor);
  const t = await getTranslations('access');
  return (
    <>
      <PageHeader title={t('people.title')} meta={t('people.intro')} />
      <div className="overflow-x-auto">
        <Table caption={t('people.title')}>
          <TableHead>
            <TableHeader>{t('people.name')}</TableHeader>
            <TableHeader>{t('people.account')}</TableHeader>
            <TableHeader>{t('people.roles')}</TableHeader>
            <TableHeader>{t('people.customers')}</TableHeader>
            <TableHeader>{t('people.lastSignIn')}</TableHeader>
          </TableHead>
          <tbody>
            {people.map((person) => (
              <TableRow key={person.id}>
                <TableCell className="font-medium">
                  {can(actor, 'user.write') ? (
                    <Link href={`/people/${person.id}`} className="link inline-flex min-h-6 items-center">
                      {person.displayName}
                    </Link>
                  ) : (
                    person.displayName
                  )}
                </TableCell>
                <TableCell>
                  {person.userName}
                  {person.status === 'disabled' ? (
                    <span className="block">
                      <StatusLabel shape="cross" tone="stopped">
                        {t('people.disabled')}
                      </StatusLabel>
                    </span>
                  ) : null}
                </TableCell>
                <TableCell>
                  {person.roles.length > 0
                    ? person.roles.map((role) => t(`role.${role}`)).join(', ')
                    : t('people.none')}
                </TableCell>
                <TableCell>
                  {person.seesAllCustomers ? t('people.all') : person.customerIds.length || t('people.none')}
                </TableCell>
                <TableCell>
                  {person.lastSignInAt ? <TimeText at={person.lastSignInAt} stacked /> : t('people.never')}
                </TableCell>
              </TableRow>
            ))}
          </tbody>
        </Table>
      </div>
    </>
  );
}
