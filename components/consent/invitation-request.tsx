import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Disclosure } from '@/components/ui/disclosure';
import { StatusIcon } from '@/components/ui/status-icon';
import type { InvitationView } from '@/lib/consent/queries';

function Points({ shape, label, points }: { shape: 'tick' | 'cross'; label: string; points: string[] }) {
  return (
    <ul className="mt-2 space-y-1">
      {points.map((point) => (
        <li key={point} className="flex gap-2">
          <StatusIcon shape={shape} className="mt-1" />
          <span className="sr-only">{label}</span>
          <span>{point}</span>
        </li>
      ))}
    </ul>
  );
}

/** Who asks, for what, what not, and how to stop it: everything an administrator needs, before the one button. */
export function InvitationRequest({
  invitation,
  path,
  link,
}: {
  invitation: InvitationView;
  path: string;
  /** The page's full address, for the text to forward. */
  link: string;
}) {
  const t = useTranslations('consent');
  const values = {
    partner: invitation.partnerName,
    phone: invitation.partnerPhone,
    asker: invitation.askedBy,
    customer: invitation.customerName,
    domain: invitation.domain ?? '',
    application: invitation.applicationName,
    link,
  };
  const forward = t('forward', values);
  return (
    <>
      <h1 className="text-title">{t('title', values)}</h1>
      <p className="mt-4">{t(invitation.domain ? 'forDomain' : 'for', values)}</p>
      <p className="mt-1 font-medium">{t('unexpected')}</p>

      <p className="mt-6">{t('will', values)}</p>
      <Points shape="tick" label={t('allowed')} points={[t('willRead')]} />
      <p className="mt-4">{t('willNot', values)}</p>
      <Points shape="cross" label={t('notAllowed')} points={[t('willNotChange'), t('willNotRead')]} />

      <p className="mt-6">{t('stop', values)}</p>
      <p className="mt-6 font-medium">{t('who')}</p>
      <Disclosure summary={<span className="link">{t('forwardSummary')}</span>} className="mt-1 text-ui">
        <p className="mb-2 select-all whitespace-pre-wrap break-words border-control border-l-2 pl-3">{forward}</p>
        <CopyButton
          value={forward}
          label={t('copy')}
          copiedLabel={t('copied')}
          failedLabel={t('copyFailed')}
          name={t('forwardSummary')}
        />
      </Disclosure>
      <p className="mt-6">{t('microsoft', values)}</p>

      <div className="mt-6 flex flex-wrap items-center gap-3">
        <form method="post" action={`${path}/continue`}>
          <Button variant="primary" className="min-h-11 text-body">
            {t('continue')}
          </Button>
        </form>
        <form method="post" action={`${path}/decline`}>
          <Button className="min-h-11 text-body">{t('decline')}</Button>
        </form>
      </div>

      <div className="mt-8 space-y-1 border-line border-t pt-4 text-ui">
        <Disclosure summary={t('detailsPermissions')}>
          <p>{t('detailsPermissionsText')}</p>
          <ul className="mt-1 font-mono text-meta">
            {invitation.requiredRoles.map((role) => (
              <li key={role}>{role}</li>
            ))}
            <li className="text-muted">client_id {invitation.clientId}</li>
          </ul>
        </Disclosure>
        <Disclosure summary={t('detailsStorage')}>
          <p>{t('detailsStorageText', values)}</p>
        </Disclosure>
        <Disclosure summary={t('detailsWho')}>
          <p>{t('detailsWhoText', values)}</p>
        </Disclosure>
      </div>
    </>
  );
}
