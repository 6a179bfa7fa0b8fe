import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { escapedText } from '@/components/ui/escaped-parts';
import { Notice } from '@/components/ui/notice';
import type { FilterProblem } from '@/lib/incidents/filter';

const PART_MAX = 80;

function shortened(text: string): string {
  const shown = escapedText(text);
  return shown.length > PART_MAX ? `${shown.slice(0, PART_MAX)}…` : shown;
}

/** Says which parts of the address mean nothing, and that nothing ran because of them. */
export function NotUnderstood({ problems, restHref }: { problems: FilterProblem[]; restHref: string }) {
  const t = useTranslations('incidents.filter.notUnderstood');
  return (
    <Notice kind="error" title={t('title')} className="my-4">
      <ul className="space-y-1">
        {problems.map(({ kind, key, value }) => (
          <li key={`${kind} ${key} ${value}`} className="flex flex-wrap items-center gap-2">
            <Chip tone="error">{t('chip', { part: `${shortened(key)}${value ? `:${shortened(value)}` : ''}` })}</Chip>
            <span>{t(kind, { key: shortened(key), value: shortened(value) })}</span>
          </li>
        ))}
      </ul>
      <p className="text-muted">{t('known')}</p>
      <p className="flex flex-wrap gap-2 pt-1">
        <LinkButton href={restHref}>{t('rest')}</LinkButton>
        <LinkButton href="/incidents?status=open" variant="quiet">
          {t('open')}
        </LinkButton>
      </p>
    </Notice>
  );
}
