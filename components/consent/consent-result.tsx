import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { ConsentView } from '@/lib/consent/queries';
import type { ConsentStanding } from '@/lib/consent/standing';
import { PrintButton } from './print-button';
import { RefreshWhileWaiting } from './refresh-while-waiting';

const KINDS: Record<ConsentStanding, 'info' | 'late' | 'error' | 'success'> = {
  waiting: 'info',
  done: 'success',
  partly: 'late',
  noDefender: 'late',
  notProved: 'late',
  partnerFault: 'late',
  cancelled: 'info',
  error: 'error',
  wrongTenant: 'error',
  otherBrowser: 'late',
  replayed: 'late',
  expired: 'late',
  linkRevoked: 'late',
  unknown: 'late',
};

/** What happened, whether anything was granted, and what to do: after the way back from Microsoft. */
export function ConsentResult({
  standing,
  consent,
  time,
}: {
  standing: ConsentStanding;
  consent: ConsentView | null;
  time: string;
}) {
  const t = useTranslations('consent.result');
  const values = {
    partner: consent?.partnerName ?? 'Watchfold',
    customer: consent?.customerName ?? '',
    asker: consent?.askedBy ?? '',
    phone: consent?.partnerPhone ?? '',
    application: consent?.applicationName ?? '',
    detail: consent?.causeDetail ?? '',
    time,
  };
  const link = useTranslations('consent.revoked');
  const isLinkRevoked = standing === 'linkRevoked';
  const text = isLinkRevoked ? link('text', values) : standing === 'expired' ? t('expiredText') : t(standing, values);
  const code = standing === 'error' ? consent?.outcomeDetail : standing === 'notProved' ? consent?.causeCode : null;
  return (
    <>
      <h1 className="text-title">{isLinkRevoked ? link('title') : t(`${standing}Title`, values)}</h1>
      <Notice
        kind={KINDS[standing]}
        live={standing === 'waiting' || standing === 'done'}
        className="mt-4"
        {...(code ? { code: `${t('code')} ${code}` } : {})}
      >
        <p className="text-body">{text}</p>
        {standing === 'done' ? <p className="text-body">{t('doneStop', values)}</p> : null}
      </Notice>
      <div className="mt-6 flex flex-wrap gap-3 print:hidden">
        {standing === 'waiting' || standing === 'notProved' ? (
          <LinkButton href="/consent/result" prefetch={false} className="min-h-11 text-body">
            {t('again')}
          </LinkButton>
        ) : null}
        {standing === 'done' ? <PrintButton label={t('print')} /> : null}
      </div>
      {standing === 'waiting' ? <RefreshWhileWaiting everyMs={3_000} /> : null}
    </>
  );
}
