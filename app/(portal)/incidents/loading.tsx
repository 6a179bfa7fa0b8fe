import { useTranslations } from 'next-intl';

/** Says so in words; nothing shimmers. */
export default function Loading() {
  const t = useTranslations('common');
  return (
    <p role="status" className="py-8 text-muted">
      {t('loading')}
    </p>
  );
}
