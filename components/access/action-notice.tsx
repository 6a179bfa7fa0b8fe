'use client';
import { useTranslations } from 'next-intl';
import { Notice } from '@/components/ui/notice';

/** The part of an action's outcome that a form shows above its fields. */
export interface Outcome {
  ok: boolean;
  message?: string;
  values?: Record<string, string>;
}

/** Says why a form was refused; nothing while all is well. */
export function ActionNotice({ state }: { state: Outcome }) {
  const t = useTranslations('errors');
  if (state.ok || !state.message) return null;
  return (
    <Notice kind="error" className="mb-4">
      {t(state.message, state.values ?? {})}
    </Notice>
  );
}
