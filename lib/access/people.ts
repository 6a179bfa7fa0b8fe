/** The people of the partner: who they are, what they may do. */
import { recordAudit } from '@/lib/audit/events';
import { asActor, asNobody } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import { type Actor, auditActorOf } from './actor';
import { can, type Role, roleFrom } from './permissions';
import { rotateSession } from './sessions';

export interface Person {
  id: string;
  displayName: string;
  userName: string;
  status: 'active' | 'disabled';
  roles: Role[];
  seesAllCustomers: boolean;
  customerIds: string[];
  lastSignInAt: Date | null;
}

/** Everybody who ever signed in, by name, with the customers they are assigned to. */
export async function listPeople(actor: Actor): Promise<Person[]> {
  if (!can(actor, 'user.read')) throw new AppError('forbidden', 'forbidden');
  const users = await asActor(actor.userId, (db) =>
    db.user.findMany({
      orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
      include: { roles: true, assignments: { select: { customerId: true } } },
    }),
  );
  return users.map((user) => ({
    id: user.id,
    displayName: user.displayName,
    userName: user.userName,
    status: user.status === 'disabled' ? 'disabled' : 'active',
    roles: user.roles.flatMap(({ role }) => roleFrom(role) ?? []),
    seesAllCustomers: user.seesAllCustomers,
    customerIds: user.assignments.map(({ customerId }) => customerId),
    lastSignInAt: user.lastSignInAt,
  }));
}

/** Names of the administrators, for a page that says whom to ask. */
export async function administratorNames(): Promise<string[]> {
  const users = await asNobody((db) =>
    db.user.findMany({
      where: { status: 'active', roles: { some: { role: 'administrator' } } },
      select: { displayName: true },
      orderBy: { displayName: 'asc' },
    }),
  );
  return users.map(({ displayName }) => displayName);
}

export interface AccessChange {
  userId: string;
  roles: Role[];
  isDisabled: boolean;
  seesAllCustomers: boolean;
  customerIds: string[];
}

/**
 * Sets what a person may do. Their sessions end, so that they come back with the new rights. Throws `conflict` when no
 * active administrator would be left, `not_found` for an unknown person.
 */
export async function changeAccess(actor: Actor, change: AccessChange): Promise<void> {
  if (!can(actor, 'user.write') || !can(actor, 'assignment.write')) throw new AppError('forbidden', 'forbidden');
  await asActor(actor.userId, async (db) => {
    // Two administrators who demote each other at one moment would both count the other.
    await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('watchfold.administrators'))`;
    const user = await db.user.findUnique({
      where: { id: change.userId },
      include: { roles: true, assignments: true },
    });
    if (!user) throw new AppError('not_found', 'notFound');
    const staysAdministrator = change.roles.includes('administrator') && !change.isDisabled;
    if (!staysAdministrator) {
      const others = await db.userRole.count({
        where: { role: 'administrator', userId: { not: user.id }, user: { status: 'active' } },
      });
      if (others === 0) throw new AppError('conflict', 'lastAdministrator');
    }
    const customers = await db.customer.findMany({ where: { id: { in: change.customerIds } }, select: { id: true } });
    if (customers.length !== new Set(change.customerIds).size) throw new AppError('not_found', 'notFound');

    await db.userRole.deleteMany({ where: { userId: user.id, role: { notIn: change.roles } } });
    await db.userRole.createMany({
      data: change.roles.map((role) => ({ userId: user.id, role })),
      skipDuplicates: true,
    });
    const status = change.isDisabled ? 'disabled' : 'active';
    await db.user.update({ where: { id: user.id }, data: { status, seesAllCustomers: change.seesAllCustomers } });
    await db.customerAssignment.deleteMany({ where: { userId: user.id, customerId: { notIn: change.customerIds } } });
    await db.customerAssignment.createMany({
      data: change.customerIds.map((customerId) => ({ userId: user.id, customerId, assignedBy: actor.userId })),
      skipDuplicates: true,
    });

    const entry = { actor: auditActorOf(actor), result: 'ok', target: user.id } as const;
    const list = (values: string[]) => values.toSorted().join(',') || '-';
    const rolesBefore = list(user.roles.map(({ role }) => role));
    if (rolesBefore !== list(change.roles)) {
      const reason = `${rolesBefore} > ${list(change.roles)}`;
      await recordAudit(db, { ...entry, action: 'user.change_roles', reason });
    }
    if (user.status !== status) await recordAudit(db, { ...entry, action: 'user.change_status', reason: status });
    const before = list(user.assignments.map(({ customerId }) => customerId));
    if (before !== list(change.customerIds) || user.seesAllCustomers !== change.seesAllCustomers) {
      const reason = change.seesAllCustomers ? 'all customers' : `${change.customerIds.length} customers`;
      await recordAudit(db, { ...entry, action: 'assignment.change', reason });
    }
    // Rights are read anew with every request; the sessions end all the same, so that no old one lives on.
    await db.session.deleteMany({ where: { userId: user.id } });
  });
  if (change.userId === actor.userId && !change.isDisabled) await rotateSession(actor);
}
