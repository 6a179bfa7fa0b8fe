import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './database';

export interface TestUser {
  id: string;
  entraTenantId: string;
  entraObjectId: string;
  displayName: string;
  userName: string;
}

export const PARTNER_ENTRA_TENANT_ID = '7c0d2f4e-1111-4a51-9d51-000000000001';

type Role = 'analyst' | 'account_manager' | 'administrator' | 'auditor';

/** A person of the partner's who has signed in before, with these roles. */
export async function addUser(
  database: TestDatabase,
  options: { displayName?: string; roles?: Role[]; seesAllCustomers?: boolean; status?: 'active' | 'disabled' } = {},
): Promise<TestUser> {
  const displayName = options.displayName ?? 'Jens Holm';
  const user: TestUser = {
    id: randomUUID(),
    entraTenantId: PARTNER_ENTRA_TENANT_ID,
    entraObjectId: randomUUID(),
    displayName,
    userName: `${displayName.toLowerCase().replaceAll(' ', '.')}@nordsikring.example`,
  };
  await database.admin.query(
    `INSERT INTO app_user (id, entra_tenant_id, entra_object_id, display_name, user_name, sees_all_customers, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      user.id,
      user.entraTenantId,
      user.entraObjectId,
      user.displayName,
      user.userName,
      options.seesAllCustomers ?? false,
      options.status ?? 'active',
    ],
  );
  for (const role of options.roles ?? []) {
    await database.admin.query('INSERT INTO user_role (user_id, role) VALUES ($1, $2)', [user.id, role]);
  }
  return user;
}

/** Assigns a customer to an analyst. */
export async function assign(
  database: TestDatabase,
  user: { id: string },
  customer: { customerId: string },
): Promise<void> {
  await database.admin.query('INSERT INTO customer_assignment (user_id, customer_id) VALUES ($1, $2)', [
    user.id,
    customer.customerId,
  ]);
}
