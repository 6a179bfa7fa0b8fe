'use client';
import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { Field, Input } from '@/components/ui/field';
import type { ActionState } from '@/lib/access/action';

/** A text field of an action's form: shows what was wrong with it, and keeps what was entered when it was refused. */
export function TextField({
  name,
  label,
  hint,
  state,
  ...input
}: ComponentProps<'input'> & { name: string; label: string; hint: string; state: ActionState }) {
  const t = useTranslations('errors');
  const problem = state.fields?.[name];
  return (
    <Field id={name} label={label} hint={hint} error={problem ? t(problem) : undefined}>
      {(control) => <Input {...control} {...input} name={name} defaultValue={state.entered?.[name]} />}
    </Field>
  );
}
