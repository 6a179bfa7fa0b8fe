'use client';
import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { ActionNotice } from '@/components/access/action-notice';
import { TextField } from '@/components/access/text-field';
import { Button } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import type { FormAction } from '@/lib/access/action';
import { LOCALE_NAMES, LOCALES } from '@/lib/locales';

export function NewCustomerForm({ submit, locale }: { submit: FormAction; locale: string }) {
  const t = useTranslations('customers.new');
  const [state, action, isPending] = useActionState(submit, { ok: true });
  return (
    <form action={action} className="max-w-prose space-y-4">
      <ActionNotice state={state} />
      <TextField
        state={state}
        name="domainOrTenantId"
        label={t('domain')}
        hint={t('domainHint')}
        required
        maxLength={253}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        state={state}
        name="displayName"
        label={t('name')}
        hint={t('nameHint')}
        maxLength={120}
        autoComplete="off"
      />
      <Field id="locale" label={t('language')}>
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
