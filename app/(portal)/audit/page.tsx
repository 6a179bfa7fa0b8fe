import { getFormatter, getTranslations } from 'next-intl/server';
import { LinkButton } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { EscapedText } from '@/components/ui/escaped-text';
import { PageHeader } from '@/components/ui/page-header';
import { StatusLabel } from '@/components/ui/status-icon';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { listAuditRows } from '@/lib/access/audit-log';
import { requirePermission } from '@/lib/access/session';

const RESULTS = {
  ok: { shape: 'tick', tone: 'good' },
  refused: { shape: 'cross', tone: 'late' },
  failed: { shape: 'cross', tone: 'stopped' },
} as const;

interface Props {
  searchParams: Promise<{ before?: string | string[] }>;
}

export async function generateMetadata() {
  return { title: (await getTranslations('access.audit'))('title') };
}

export default async function AuditPage({ searchParams }: Props) {
  const actor = await requirePermission('audit.read');
  const { before } = await searchParams;
  // A number that is none shows the newest rows, as without one.
  const cursor = typeof before === 'string' && /^\d{1,18}$/.test(before) ? BigInt(before) : null;
  const { rows, hasMore } = await listAuditRows(actor, cursor);
  const t = await getTranslations('access');
  const format = await getFormatter();
  const last = rows.at(-1);
  return (
    <>
      <PageHeader title={t('audit.title')} meta={t('audit.intro')} />
      {rows.length === 0 ? (
        <EmptyState>
          <p>{t('audit.empty')}</p>
        </EmptyState>
      ) : (
        <div className="overflow-x-auto">
          <Table caption={t('audit.title')}>
            <TableHead>
              <TableHeader>{t('audit.time')}</TableHeader>
              <TableHeader>{t('audit.actor')}</TableHeader>
              <TableHeader>{t('audit.action')}</TableHeader>
              <TableHeader>{t('audit.result')}</TableHeader>
              <TableHeader>{t('audit.customer')}</TableHeader>
              <TableHeader>{t('audit.target')}</TableHeader>
              <TableHeader>{t('audit.reason')}</TableHeader>
              <TableHeader>{t('audit.request')}</TableHeader>
            </TableHead>
            <tbody>
              {rows.map((row) => {
                const result = RESULTS[row.result as keyof typeof RESULTS] ?? RESULTS.failed;
                return (
                  <TableRow key={row.seq}>
                    <TableCell className="whitespace-nowrap">
                      {format.dateTime(row.at, { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' })}
                    </TableCell>
                    <TableCell>{row.actorName ?? t(`audit.${row.actorKind}`)}</TableCell>
                    <TableCell>{t(`action.${row.action.replace('.', '_')}`)}</TableCell>
                    <TableCell>
                      <StatusLabel shape={result.shape} tone={result.tone}>
                        {t(`audit.${row.result}`)}
                      </StatusLabel>
                    </TableCell>
                    <TableCell>{row.customer}</TableCell>
                    <TableCell className="max-w-64 break-all font-mono text-meta">
                      <EscapedText text={row.target ?? ''} />
                    </TableCell>
                    <TableCell className="max-w-64 break-words">
                      <EscapedText text={row.reason ?? ''} />
                    </TableCell>
                    <TableCell className="font-mono text-meta text-muted">{row.requestId?.slice(0, 8)}</TableCell>
                  </TableRow>
                );
              })}
            </tbody>
          </Table>
        </div>
      )}
      <div className="flex gap-3 py-4">
        {cursor === null ? null : <LinkButton href="/audit">{t('audit.newest')}</LinkButton>}
        {hasMore && last ? <LinkButton href={`/audit?before=${last.seq}`}>{t('audit.older')}</LinkButton> : null}
      </div>
    </>
  );
}
