'use server';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { defineAction } from '@/lib/access/action';
import { claimSetUp } from '@/lib/access/set-up';

const schema = z.strictObject({
  code: z.string().min(1, 'required').max(100, 'tooLong'),
  partnerName: z.string().trim().min(1, 'required').max(120, 'tooLong'),
  partnerPhone: z.string().trim().min(1, 'required').max(40, 'tooLong'),
});

export const submitSetUp = defineAction(null, schema, async (actor, input) => {
  await claimSetUp(actor, input);
  redirect('/people');
});
