'use client';
import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { ActionNotice } from '@/components/access/action-notice';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import type { ActionState } from '@/lib/access/action';
import { LOCALE_NAMES, LOCALES } from '@/lib/locales';

type Submit = (former: ActionState, form: FormData) => Promise<ActionState>;

export function NewCustomerForm({ submit, locale }: { submit: Submit; locale: string }) {
  const t = useTranslations('customers.new');
  const errors = useTranslations('errors');
  const [state, action, isPending] = useActionState(submit, { ok: true });
  const errorOf = (name: string) => {
    const problem = state.fields?.[name];
    return problem ? errors(problem) : undefined;
  };
  return (
    <form action={action} className="max-w-prose space-y-4">
      <ActionNotice state={state} />
      <Field id="domainOrTenantId" label={t('domain')} hint={t('domainHint')} error={errorOf('domainOrTenantId')}>
        {(control) => (
          <Input
            {...control}
            name="domainOrTenantId"
            required
            maxLength={253}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            defaultValue={state.entered?.['domainOrTenantId']}
          />
        )}
      </Field>
      <Field id="displayName" label={t('name')} hint={t('nameHint')} error={errorOf('displayName')}>
        {(control) => (
          <Input
            {...control}
            name="displayName"
            maxLength={120}
            autoComplete="off"
            defaultValue={state.entered?.['displayName']}
          />
        )}
      </Field>
      <Field id="locale" label={t('language')} error={errorOf('locale')}>
        {(control) => (
          <Select {...control} name="locale" defaultValue={state.entered?.['locale'] ?? locale}>
            {LOCALES.map((tag) => (
              <option key={tag} value={tag}>
                {LOCALE_NAMES[tag]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <p className="text-muted text-ui">
        {t('asks')}: {t('tierRead')}
      </p>
      <Button variant="primary" disabled={isPending}>
        {t('submit')}
      </Button>
    </form>
  );
}
