'use server';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { defineAction } from '@/lib/access/action';
import { checkConnection, renewInvitation, revokeInvitations } from '@/lib/customers/commands';
import { LOCALES } from '@/lib/locales';

const slug = z.string().min(1, 'notFound').max(64, 'notFound');

export const check = defineAction('customer.write', z.strictObject({ slug }), async (actor, input) => {
  await checkConnection(actor, input.slug);
  revalidatePath(`/customers/${input.slug}`);
  return { ok: true };
});

const renewal = z.strictObject({ slug, locale: z.enum(LOCALES, 'required') });

export const renew = defineAction('customer.write', renewal, async (actor, input) => {
  await renewInvitation(actor, input.slug, input.locale);
  revalidatePath(`/customers/${input.slug}`);
  return { ok: true };
});

export const revoke = defineAction('customer.write', z.strictObject({ slug }), async (actor, input) => {
  await revokeInvitations(actor, input.slug);
  revalidatePath(`/customers/${input.slug}`);
  return { ok: true };
});
