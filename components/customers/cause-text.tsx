import { useTranslations } from 'next-intl';
import type { CustomerRow } from '@/lib/customers/queries';

/** Why a connection is not whole: what happened, what it means, who does what, with the code for support. */
export function CauseText({ row }: { row: Pick<CustomerRow, 'name' | 'connection'> }) {
  const t = useTranslations('customers.cause');
  const { causeCode, causeDetail } = row.connection;
  if (!causeCode) return null;
  const values = { name: row.name, detail: causeDetail ?? '', code: causeCode };
  return (
    <>
      {t.has(causeCode) ? t(causeCode, values) : t('other', values)}{' '}
      <span className="font-mono text-meta text-muted">{causeCode}</span>
    </>
  );
}
