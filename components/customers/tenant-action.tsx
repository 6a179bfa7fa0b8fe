'use client';
import { type ReactNode, useActionState } from 'react';
import { ActionNotice } from '@/components/access/action-notice';
import { Button, type ButtonVariant } from '@/components/ui/button';
import type { FormAction } from '@/lib/access/action';

/** One button that acts on a tenant, with fields of its own if it needs any. */
export function TenantAction({
  slug,
  submit,
  label,
  variant = 'secondary',
  children,
}: {
  slug: string;
  submit: FormAction;
  label: string;
  variant?: ButtonVariant;
  children?: ReactNode;
}) {
  const [state, action, isPending] = useActionState(submit, { ok: true });
  return (
    <form action={action} className="flex flex-wrap items-end gap-2">
      <ActionNotice state={state} />
      <input type="hidden" name="slug" value={slug} />
      {children}
      <Button variant={variant} disabled={isPending}>
        {label}
      </Button>
    </form>
  );
}
