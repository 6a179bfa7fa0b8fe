'use client';
import { useTranslations } from 'next-intl';
import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox, Choices } from '@/components/ui/choice';
import { Notice } from '@/components/ui/notice';
import type { FormAction } from '@/lib/access/action';
import type { Person } from '@/lib/access/people';
import { ActionNotice } from './action-notice';

export function AccessForm({
  person,
  roles,
  customers,
  submit,
}: {
  person: Pick<Person, 'id' | 'displayName' | 'roles' | 'customerIds' | 'seesAllCustomers' | 'status'>;
  roles: readonly string[];
  customers: { id: string; name: string }[];
  submit: FormAction;
}) {
  const t = useTranslations('access');
  const [state, action, isPending] = useActionState(submit, { ok: true });
  return (
    <form action={action} className="max-w-prose space-y-6">
      <ActionNotice state={state} />
      {state.ok && state.message ? (
        <Notice kind="success" live>
          {t('people.saved', { name: person.displayName })}
        </Notice>
      ) : null}
      <input type="hidden" name="userId" value={person.id} />
      <Choices legend={t('people.roles')} hint={t('people.rolesHint')}>
        {roles.map((role) => (
          <Checkbox
            key={role}
            name="roles[]"
            value={role}
            defaultChecked={person.roles.some((held) => held === role)}
            label={t(`role.${role}`)}
            hint={t(`roleHint.${role}`)}
          />
        ))}
      </Choices>
      <Choices legend={t('people.assignedCustomers')}>
        <Checkbox name="seesAllCustomers" defaultChecked={person.seesAllCustomers} label={t('people.allCustomers')} />
        {customers.length === 0 ? <p className="text-muted">{t('people.noCustomers')}</p> : null}
        {customers.map((customer) => (
          <Checkbox
            key={customer.id}
            name="customers[]"
            value={customer.id}
            defaultChecked={person.customerIds.includes(customer.id)}
            label={customer.name}
          />
        ))}
      </Choices>
      <Choices legend={t('people.account')}>
        <Checkbox name="isDisabled" defaultChecked={person.status === 'disabled'} label={t('people.switchedOff')} />
      </Choices>
      <Button variant="primary" disabled={isPending}>
        {t('people.save')}
      </Button>
    </form>
  );
}
