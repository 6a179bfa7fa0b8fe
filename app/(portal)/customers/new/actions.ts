'use server';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { defineAction } from '@/lib/access/action';
import { addCustomer } from '@/lib/customers/commands';
import { LOCALES } from '@/lib/locales';

const schema = z.strictObject({
  domainOrTenantId: z.string().trim().min(1, 'required').max(253, 'tooLong'),
  displayName: z.string().trim().max(120, 'tooLong').default(''),
  locale: z.enum(LOCALES, 'required'),
});

export const submitCustomer = defineAction('customer.write', schema, async (actor, input) => {
  redirect(`/customers/${await addCustomer(actor, input)}`);
});
