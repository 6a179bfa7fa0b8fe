/** Who may do what, in one table that a customer could read. */

export const ROLES = ['analyst', 'account_manager', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const TABLE = {
  'incident.read': ['analyst'],
  'customer.read': ['analyst', 'account_manager', 'administrator', 'auditor'],
  'customer.write': ['account_manager', 'administrator'],
  'user.read': ['administrator', 'auditor'],
  'user.write': ['administrator'],
  'assignment.write': ['administrator'],
  'audit.read': ['administrator', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof TABLE;

/** True when one of the actor's roles carries the permission. Which customers it reaches is scope.ts's question. */
export function can(actor: { roles: readonly Role[] }, permission: Permission): boolean {
  const allowed: readonly Role[] = TABLE[permission];
  return actor.roles.some((role) => allowed.includes(role));
}

/** A role from outside; null when there is no such role. */
export function roleFrom(text: string): Role | null {
  return ROLES.find((role) => role === text) ?? null;
}
