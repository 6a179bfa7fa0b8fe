/** The provider that the demo and the tests play: its Entra tenant, its people and its two registrations. */
import type { EmulatorControl } from './emulator-control.ts';

export interface EmulatedPartner {
  tenantId: string;
  signInAppId: string;
  readerAppId: string;
  readerAppName: string;
  users: { userPrincipalName: string; displayName: string }[];
}

const TENANT_ID = '5d0c7a1e-2f4b-4c8e-9a61-0f2f6b1d3e01';
const SIGN_IN_APP_ID = '7b1f3c52-6e0d-4a9b-8c35-41a2d9e0f701';
const READER_APP_ID = 'c4e8a2d6-9b17-4f03-a5d8-62b3e7f1c902';
const READER_ROLES = ['SecurityIncident.Read.All', 'SecurityAlert.Read.All'];

/** For a world that begins empty. */
async function makePartner(control: EmulatorControl): Promise<void> {
  const user = (userPrincipalName: string, displayName: string) => ({ userPrincipalName, displayName });
  await control.putTenant(TENANT_ID, {
    displayName: 'Nordsikring A/S',
    domain: 'nordsikring.dk',
    users: [user('lars.holm@nordsikring.dk', 'Lars Holm')],
  });
  await control.putApplication(SIGN_IN_APP_ID, {
    displayName: 'Watchfold sign-in',
    homeTenantId: TENANT_ID,
    signInAudience: 'AzureADMyOrg',
    requiredRoles: [],
  });
  await control.putApplication(READER_APP_ID, {
    displayName: 'Nordsikring Watchfold',
    homeTenantId: TENANT_ID,
    signInAudience: 'AzureADMultipleOrgs',
    requiredRoles: READER_ROLES,
  });
}

async function findPartner(control: EmulatorControl): Promise<EmulatedPartner | null> {
  const { applications, tenants } = await control.state();
  const signIn = applications.find(({ signInAudience }) => signInAudience === 'AzureADMyOrg');
  const reader = applications.find(({ signInAudience }) => signInAudience === 'AzureADMultipleOrgs');
  const tenant = tenants.find(({ tid }) => tid === signIn?.homeTenantId);
  if (!signIn || !reader || !tenant) return null;
  return {
    tenantId: tenant.tid,
    signInAppId: signIn.appId,
    readerAppId: reader.appId,
    readerAppName: reader.displayName,
    users: tenant.users,
  };
}

/** The partner of the emulator's world, made when the world has none: where its single-tenant application lives. */
export async function emulatedPartner(control: EmulatorControl): Promise<EmulatedPartner> {
  const found = await findPartner(control);
  if (found) return found;
  await makePartner(control);
  const made = await findPartner(control);
  if (!made) throw new Error('The emulator did not keep the partner that it was given');
  return made;
}
