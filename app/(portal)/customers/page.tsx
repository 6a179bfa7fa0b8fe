import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { ConnectionState } from '@/components/customers/connection-state';
import { LiveRefresh } from '@/components/shell/live-refresh';
import { LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { TimeText } from '@/components/ui/time-text';
import { administratorNames } from '@/lib/access/people';
import { can } from '@/lib/access/permissions';
import { requirePermission } from '@/lib/access/session';
import { nextStep } from '@/lib/customers/onboarding';
import { listCustomers } from '@/lib/customers/queries';

export async function generateMetadata() {
  return { title: (await getTranslations('customers'))('title') };
}

export default async function CustomersPage() {
  const actor = await requirePermission('customer.read');
  const rows = await listCustomers(actor);
  const t = await getTranslations('customers');
  const mayAdd = can(actor, 'customer.write');
  const addButton = mayAdd ? (
    <LinkButton href="/customers/new" variant="primary">
      {t('add')}
    </LinkButton>
  ) : null;
  if (rows.length === 0) {
    const names = (await administratorNames()).join(', ');
    return (
      <>
        <PageHeader title={t('title')} />
        <EmptyState action={addButton}>
          <p>{mayAdd ? t('empty') : t('emptyAssigned', { names })}</p>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <LiveRefresh kinds={['connection', 'freshness']} />
      <PageHeader title={t('title')} meta={t('count', { count: rows.length })} actions={addButton} />
      <div className="overflow-x-auto">
        <Table caption={t('title')}>
          <TableHead>
            <TableHeader>{t('column.customer')}</TableHeader>
            <TableHeader>{t('column.connection')}</TableHeader>
            <TableHeader>{t('column.next')}</TableHeader>
            <TableHeader className="max-phone:hidden">{t('column.permissions')}</TableHeader>
            <TableHeader className="max-phone:hidden">{t('column.freshness')}</TableHeader>
          </TableHead>
          <tbody>
            {rows.map((row) => {
              const { connection } = row;
              const granted = connection.requiredRoles.filter((role) => connection.grantedRoles.includes(role)).length;
              return (
                <TableRow key={row.slug}>
                  <TableCell>
                    <Link href={`/customers/${row.slug}`} className="link inline-flex min-h-6 items-center font-medium">
                      {row.name}
                    </Link>
                    <span className="block text-meta text-muted">{row.domain ?? row.entraTenantId}</span>
                  </TableCell>
                  <TableCell>
                    <ConnectionState connection={connection} />
                  </TableCell>
                  <TableCell>{t(`next.${nextStep(row)}`)}</TableCell>
                  <TableCell className="whitespace-nowrap max-phone:hidden">
                    {t('permissionsOf', { granted, required: connection.requiredRoles.length })}
                  </TableCell>
                  <TableCell className="max-phone:hidden">
                    {row.sync?.lastCompleteAt ? <TimeText at={row.sync.lastCompleteAt} stacked /> : t('never')}
                  </TableCell>
                </TableRow>
              );
            })}
          </tbody>
        </Table>
      </div>
    </>
  );
}
