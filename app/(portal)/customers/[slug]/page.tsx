import { notFound } from 'next/navigation';
import { createFormatter, createTranslator } from 'next-intl';
import { getTranslations } from 'next-intl/server';
import { CauseText } from '@/components/customers/cause-text';
import { ConnectionState } from '@/components/customers/connection-state';
import { InvitationPanel } from '@/components/customers/invitation-panel';
import { OnboardingSteps } from '@/components/customers/onboarding-steps';
import { TenantAction } from '@/components/customers/tenant-action';
import { ClientMessages } from '@/components/shell/client-messages';
import { LiveRefresh } from '@/components/shell/live-refresh';
import { Facts } from '@/components/ui/facts';
import { Field, Select } from '@/components/ui/field';
import { Notice } from '@/components/ui/notice';
import { PageHeader, Section } from '@/components/ui/page-header';
import { StatusLabel } from '@/components/ui/status-icon';
import { TimeText } from '@/components/ui/time-text';
import { can } from '@/lib/access/permissions';
import { requirePermission } from '@/lib/access/session';
import { onboardingSteps } from '@/lib/customers/onboarding';
import { type CustomerPage as Customer, getCustomer } from '@/lib/customers/queries';
import { isAppError } from '@/lib/errors';
import { LOCALE_NAMES, LOCALES } from '@/lib/locales';
import { check, renew, revoke } from './actions';

interface Props {
  params: Promise<{ slug: string }>;
}

/** The mail goes to the customer, so it is in the invitation's language and not in the reader's. */
async function mailText(customer: Customer): Promise<string> {
  const { invitation, link, partnerName: partner } = customer;
  if (!invitation || !link) return '';
  const { default: messages } = (await import(`../../../../messages/${invitation.locale}/customers.json`)) as {
    default: { mail: { subject: string; body: string } };
  };
  const t = createTranslator({ locale: invitation.locale, messages });
  const format = createFormatter({ locale: invitation.locale, timeZone: 'UTC' });
  const expires = `${format.dateTime(invitation.expiresAt, { dateStyle: 'full', timeStyle: 'short' })} UTC`;
  const values = { partner, customer: customer.name, link, expires, asker: invitation.createdByName };
  return `${t('mail.subject', values)}\n\n${t('mail.body', values)}`;
}

export default async function CustomerPage({ params }: Props) {
  const actor = await requirePermission('customer.read');
  const { slug } = await params;
  const customer = await getCustomer(actor, slug).catch((error: unknown) => {
    if (isAppError(error, 'not_found')) notFound();
    throw error;
  });
  const t = await getTranslations('customers');
  const { connection, invitation, link } = customer;
  const mayWrite = can(actor, 'customer.write');
  const isConnected = connection.state === 'verified';
  const isLinkLost = invitation && !link && !invitation.usedAt && !invitation.revokedAt && !invitation.isExpired;
  return (
    <ClientMessages namespaces={['errors']}>
      <LiveRefresh kinds={['connection', 'freshness']} />
      <PageHeader
        title={customer.name}
        back={{ href: '/customers', label: t('page.back') }}
        meta={<ConnectionState connection={connection} />}
        actions={mayWrite ? <TenantAction slug={slug} submit={check} label={t('page.check')} /> : null}
      />
      {connection.causeCode && !connection.isProving ? (
        <Notice kind={connection.state === 'degraded' ? 'late' : 'error'} className="mb-4">
          <CauseText row={customer} />
        </Notice>
      ) : null}
      <Facts
        facts={[
          { key: 'domain', label: t('page.domain'), value: customer.domain ?? '–' },
          {
            key: 'tenant',
            label: t('page.tenantId'),
            value: <span className="font-mono text-meta">{customer.entraTenantId}</span>,
          },
          { key: 'application', label: t('page.application'), value: connection.applicationName },
          {
            key: 'complete',
            label: t('page.lastComplete'),
            value: customer.sync?.lastCompleteAt ? (
              <TimeText at={customer.sync.lastCompleteAt} precision="second" />
            ) : (
              t('never')
            ),
          },
          { key: 'inviter', label: t('page.invitedBy'), value: invitation?.createdByName ?? '–' },
        ]}
      />
      {mayWrite && !isConnected ? (
        <Section id="invitation" title={t('page.invitationTitle')}>
          {invitation && link ? (
            <InvitationPanel link={link} mail={await mailText(customer)} expiresAt={invitation.expiresAt} />
          ) : (
            <p>{t(isLinkLost ? 'page.linkLost' : 'page.noLink')}</p>
          )}
          <div className="mt-6 flex flex-wrap items-end gap-x-6 gap-y-3">
            <TenantAction slug={slug} submit={renew} label={t('page.renew')}>
              <Field id="renew-locale" label={t('page.language')}>
                {(control) => (
                  <Select {...control} name="locale" defaultValue={invitation?.locale ?? 'en'}>
                    {LOCALES.map((tag) => (
                      <option key={tag} value={tag}>
                        {LOCALE_NAMES[tag]}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            </TenantAction>
            {link ? <TenantAction slug={slug} submit={revoke} label={t('page.revoke')} variant="danger" /> : null}
          </div>
          <p className="mt-1 text-meta text-muted">{t('page.renewHint')}</p>
        </Section>
      ) : null}
      <Section id="steps" title={t('page.stepsTitle')}>
        <OnboardingSteps row={customer} steps={onboardingSteps(customer, Date.now())} />
      </Section>
      <Section id="permissions" title={t('page.permissionsTitle')}>
        <ul className="space-y-1">
          {connection.requiredRoles.map((role) => {
            const isGranted = connection.grantedRoles.includes(role);
            const isKnown = connection.verifiedAt !== null || connection.grantedRoles.length > 0;
            return (
              <li key={role} className="flex flex-wrap gap-x-4">
                <span className="font-mono text-meta leading-5">{role}</span>
                {isGranted ? (
                  <StatusLabel shape="tick" tone="good">
                    {t('page.granted')}
                  </StatusLabel>
                ) : (
                  <StatusLabel shape={isKnown ? 'cross' : 'ring'} tone={isKnown ? 'stopped' : 'muted'}>
                    {t(isKnown ? 'page.missing' : 'page.unproved')}
                  </StatusLabel>
                )}
              </li>
            );
          })}
        </ul>
      </Section>
    </ClientMessages>
  );
}
