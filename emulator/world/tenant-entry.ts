import { Random } from '../random.ts';
import { type Activity, PLAIN_SCENARIO, type Scenario, type Tenant, type TenantUser } from '../state/tenants.ts';

/** A person's object id follows from the name, so that a reset makes the same people. */
export function person(userPrincipalName: string, displayName: string, ...roles: string[]): TenantUser {
  return { userPrincipalName, displayName, objectId: new Random(0, 'person', userPrincipalName).guid(), roles };
}

/** The two everybody needs: one who may consent, one who may not. */
export function usualPeople(domain: string): TenantUser[] {
  return [
    person(`global.admin@${domain}`, 'Global Admin', 'Global Administrator'),
    person(`role.admin@${domain}`, 'Role Admin', 'Privileged Role Administrator'),
    person(`helpdesk@${domain}`, 'Help Desk'),
  ];
}

export function newTenant(entry: {
  tid: string;
  domain: string;
  displayName: string;
  story?: string;
  users?: TenantUser[];
  scenario?: Partial<Scenario>;
  activity?: Activity;
}): Tenant {
  return {
    tid: entry.tid.toLowerCase(),
    domain: entry.domain.toLowerCase(),
    displayName: entry.displayName,
    story: entry.story ?? '',
    users: entry.users ?? usualPeople(entry.domain),
    scenario: { ...PLAIN_SCENARIO, ...entry.scenario },
    activity: entry.activity ?? { newPerHour: 0, changesPerHour: 0 },
  };
}
