'use client';
import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import type { ActionState } from '@/lib/access/action';
import { ActionNotice } from './action-notice';

type Submit = (former: ActionState, form: FormData) => Promise<ActionState>;

export function SetUpForm({ submit }: { submit: Submit }) {
  const t = useTranslations('access.setUp');
  const errors = useTranslations('errors');
  const [state, action, isPending] = useActionState(submit, { ok: true });
  const errorOf = (name: string) => {
    const problem = state.fields?.[name];
    return problem ? errors(problem) : undefined;
  };
  return (
    <form action={action} className="max-w-prose space-y-4">
      <ActionNotice state={state} />
      <Field id="code" label={t('code')} hint={t('codeHint')} error={errorOf('code')}>
        {(control) => (
          <Input
            {...control}
            name="code"
            required
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            defaultValue={state.entered?.['code']}
          />
        )}
      </Field>
      <Field id="partnerName" label={t('partnerName')} hint={t('partnerNameHint')} error={errorOf('partnerName')}>
        {(control) => (
          <Input
            {...control}
            name="partnerName"
            required
            maxLength={120}
            autoComplete="organization"
            defaultValue={state.entered?.['partnerName']}
          />
        )}
      </Field>
      <Field id="partnerPhone" label={t('partnerPhone')} hint={t('partnerPhoneHint')} error={errorOf('partnerPhone')}>
        {(control) => (
          <Input
            {...control}
            name="partnerPhone"
            type="tel"
            required
            maxLength={40}
            autoComplete="tel"
            defaultValue={state.entered?.['partnerPhone']}
          />
        )}
      </Field>
      <Button variant="primary" disabled={isPending}>
        {t('submit')}
      </Button>
    </form>
  );
}
