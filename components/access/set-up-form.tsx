'use client';
import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import type { FormAction } from '@/lib/access/action';
import { ActionNotice } from './action-notice';
import { TextField } from './text-field';

export function SetUpForm({ submit }: { submit: FormAction }) {
  const t = useTranslations('access.setUp');
  const [state, action, isPending] = useActionState(submit, { ok: true });
  return (
    <form action={action} className="max-w-prose space-y-4">
      <ActionNotice state={state} />
      <TextField
        state={state}
        name="code"
        label={t('code')}
        hint={t('codeHint')}
        required
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
      />
      <TextField
        state={state}
        name="partnerName"
        label={t('partnerName')}
        hint={t('partnerNameHint')}
        required
        maxLength={120}
        autoComplete="organization"
      />
      <TextField
        state={state}
        name="partnerPhone"
        label={t('partnerPhone')}
        hint={t('partnerPhoneHint')}
        type="tel"
        required
        maxLength={40}
        autoComplete="tel"
      />
      <Button variant="primary" disabled={isPending}>
        {t('submit')}
      </Button>
    </form>
  );
}
