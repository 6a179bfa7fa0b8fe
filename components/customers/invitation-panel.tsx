import { useFormatter, useTranslations } from 'next-intl';
import { CopyButton } from '@/components/ui/copy-button';
import { Disclosure } from '@/components/ui/disclosure';
import { Field, Input } from '@/components/ui/field';

/** The open link and the mail to send it with. `mail` is in the customer's language. */
export function InvitationPanel({ link, mail, expiresAt }: { link: string; mail: string; expiresAt: Date }) {
  const t = useTranslations('customers.page');
  const format = useFormatter();
  const time = `${format.dateTime(expiresAt, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' })} UTC`;
  const copied = { copiedLabel: t('copied'), failedLabel: t('copyFailed') };
  return (
    <div className="space-y-3">
      <Field id="invitation-link" label={t('linkTitle')} hint={t('linkHint', { time })}>
        {(control) => <Input {...control} readOnly value={link} className="font-mono text-ui" />}
      </Field>
      <div className="flex flex-wrap gap-2">
        <CopyButton value={link} label={t('copyLink')} variant="primary" {...copied} />
        <CopyButton value={mail} label={t('copyMail')} {...copied} />
      </div>
      <Disclosure summary={t('mailTitle')} className="text-ui">
        <p className="select-all whitespace-pre-wrap break-words border-control border-l-2 pl-3">{mail}</p>
      </Disclosure>
    </div>
  );
}
