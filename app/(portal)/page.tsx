import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { administratorNames } from '@/lib/access/people';
import { can } from '@/lib/access/permissions';
import { requireActor } from '@/lib/access/session';

/** Leads everybody to where their work is. */
export default async function HomePage() {
  const actor = await requireActor();
  if (can(actor, 'incident.read')) redirect('/incidents');
  if (can(actor, 'customer.write')) redirect('/customers');
  if (can(actor, 'audit.read')) redirect('/audit');
  const t = await getTranslations('access.noAccess');
  const names = await administratorNames();
  return (
    <>
      <PageHeader title={t('title')} />
      {names.length > 0 ? (
        <EmptyState>
          <p>{t('ask', { names: names.join(', ') })}</p>
        </EmptyState>
      ) : (
        <EmptyState action={<LinkButton href="/set-up">{t('setUpLink')}</LinkButton>}>
          <p>{t('setUp')}</p>
        </EmptyState>
      )}
    </>
  );
}
