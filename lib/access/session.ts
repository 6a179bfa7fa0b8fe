import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import type { Actor } from './actor';
import { can, type Permission } from './permissions';
import { findActor } from './sessions';

/** The signed-in person or null, looked up once per request. */
export const currentActor = cache(findActor);

/** The signed-in person; sends everybody else to sign in. */
export async function requireActor(): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) redirect('/sign-in');
  return actor;
}

/** The signed-in person if they may; for others the page does not exist. */
export async function requirePermission(permission: Permission): Promise<Actor> {
  const actor = await requireActor();
  if (!can(actor, permission)) notFound();
  return actor;
}
