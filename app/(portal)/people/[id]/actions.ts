'use server';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { defineAction } from '@/lib/access/action';
import { changeAccess } from '@/lib/access/people';
import { ROLES } from '@/lib/access/permissions';

const schema = z.strictObject({
  userId: z.guid('notFound'),
  'roles[]': z.array(z.enum(ROLES, 'notFound')).default([]),
  'customers[]': z.array(z.guid('notFound')).max(10_000, 'tooLong').default([]),
  seesAllCustomers: z.literal('on').optional(),
  isDisabled: z.literal('on').optional(),
});

export const saveAccess = defineAction('user.write', schema, async (actor, input) => {
  await changeAccess(actor, {
    userId: input.userId,
    roles: input['roles[]'],
    customerIds: input['customers[]'],
    seesAllCustomers: input.seesAllCustomers === 'on',
    isDisabled: input.isDisabled === 'on',
  });
  revalidatePath('/people');
  return { ok: true, message: 'saved' };
});
