import type { Application } from '../state/applications.ts';
import type { Scenario, Tenant } from '../state/tenants.ts';
import { newTenant, person } from './tenant-entry.ts';

export const PARTNER_TENANT_ID = '5d0c7a1e-2f4b-4c8e-9a61-0f2f6b1d3e01';
export const SIGN_IN_APP_ID = '7b1f3c52-6e0d-4a9b-8c35-41a2d9e0f701';
export const READER_APP_ID = 'c4e8a2d6-9b17-4f03-a5d8-62b3e7f1c902';

interface Entry {
  tid: string;
  domain: string;
  displayName: string;
  incidents: number;
  story: string;
  newPerHour?: number;
  scenario?: Partial<Scenario>;
}

const CUSTOMERS: Entry[] = [
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000001',
    domain: 'fabrikam.dk',
    displayName: 'Fabrikam ApS',
    incidents: 40,
    newPerHour: 4,
    story: 'A healthy small company with a little of everything.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000002',
    domain: 'aeroe-rederi.dk',
    displayName: 'Sørensen & Ærø Rederi',
    incidents: 180,
    newPerHour: 6,
    story: 'A healthy shipping company with Danish letters and an ampersand in its name.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000003',
    domain: 'panaderia-nandu.es',
    displayName: 'Panadería Ñandú',
    incidents: 12,
    newPerHour: 2,
    story: 'A healthy and very small company: the empty places of a page show here.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000004',
    domain: 'generique-evreux.fr',
    displayName: 'Société Générique Évreux',
    incidents: 90,
    newPerHour: 4,
    story: 'A healthy French company; apostrophes and accents in names of people.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000005',
    domain: 'haiyan-keji.cn',
    displayName: '北京海燕科技',
    incidents: 60,
    newPerHour: 4,
    story: 'A healthy company whose own name and people are written in Chinese.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000006',
    domain: 'tailspin-energi.dk',
    displayName: 'Tailspin Energi A/S',
    incidents: 600,
    newPerHour: 8,
    story: 'A healthy large company, past the 500 that skip paging can reach.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000007',
    domain: 'wingtip-hospitals.com',
    displayName: 'Wingtip Hospitals',
    incidents: 3000,
    newPerHour: 10,
    story: 'The largest: 3,000 incidents of the last thirty days.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000008',
    domain: 'litware-advokater.dk',
    displayName: 'Litware Advokater',
    incidents: 25,
    story: 'Nobody here has consented: tokens are refused with 7000229.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000009',
    domain: 'adventure-cykler.dk',
    displayName: 'Adventure Cykler',
    incidents: 35,
    newPerHour: 2,
    story: 'Entra is slow after consent: eight seconds without the application, then eight without its roles.',
    scenario: { replicationDelaySeconds: 8, rolesDelaySeconds: 8 },
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000010',
    domain: 'proseware-consulting.com',
    displayName: 'Proseware Consulting',
    incidents: 30,
    story: 'Consent grants only half of the permissions: incidents, but not alerts.',
    scenario: { grantOnly: ['SecurityIncident.Read.All'] },
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000011',
    domain: 'northwind-foedevarer.dk',
    displayName: 'Northwind Fødevarer',
    incidents: 28,
    newPerHour: 2,
    story: 'Healthy until somebody revokes the consent through the control API.',
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000012',
    domain: 'trey-research.com',
    displayName: 'Trey Research',
    incidents: 70,
    newPerHour: 2,
    story: 'Microsoft allows this tenant six calls a minute and answers 429 to the rest.',
    scenario: { throttlePerMinute: 6 },
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000013',
    domain: 'margies-travel.com',
    displayName: 'Margie’s Travel',
    incidents: 55,
    newPerHour: 2,
    story: 'Listing incidents with their alerts fails with 500 for good; without them it works.',
    scenario: { expandFails: true },
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000014',
    domain: 'lucerne-forlag.dk',
    displayName: 'Lucerne Forlag',
    incidents: 0,
    story: 'Consents, but has no Defender: every call is 403, "Account is not provisioned".',
    scenario: { noDefender: true },
  },
  {
    tid: '1a6f0c11-3b52-4e0a-9d01-c0ffee000015',
    domain: 'vanarsdel-muebles.es',
    displayName: 'VanArsdel Muebles, S.L.',
    incidents: 45,
    newPerHour: 3,
    story: 'A healthy Spanish company on a slow line: every call takes one and a half seconds.',
    scenario: { latencyMs: 1500 },
  },
];

function partner(): Tenant {
  const domain = 'nordsikring.dk';
  return newTenant({
    tid: PARTNER_TENANT_ID,
    domain,
    displayName: 'Nordsikring A/S',
    story: 'The managed security provider itself: its people sign in here and its applications live here.',
    users: [
      person(`mette.krogh@${domain}`, 'Mette Krogh'),
      person(`jens.holm@${domain}`, 'Jens Holm'),
      person(`sara.lind@${domain}`, 'Sara Lind'),
      person(`lars.holm@${domain}`, 'Lars Holm', 'Global Administrator'),
      person(`anna.berg@${domain}`, 'Anna Berg'),
    ],
  });
}

/** Both registrations as the set-up guide leaves them, but without credentials and redirect URIs. */
function applications(): Application[] {
  const bare = { homeTenantId: PARTNER_TENANT_ID, redirectUris: [], secrets: [], certificates: [] };
  return [
    {
      ...bare,
      appId: SIGN_IN_APP_ID,
      displayName: 'Watchfold sign-in',
      signInAudience: 'AzureADMyOrg',
      requiredRoles: [],
    },
    {
      ...bare,
      appId: READER_APP_ID,
      displayName: 'Nordsikring Watchfold',
      signInAudience: 'AzureADMultipleOrgs',
      requiredRoles: ['SecurityIncident.Read.All', 'SecurityAlert.Read.All'],
    },
  ];
}

export interface World {
  tenants: { tenant: Tenant; incidents: number }[];
  applications: Application[];
}

/** A provider with fifteen customers, each there to show one thing. */
export function demoWorld(): World {
  const customers = CUSTOMERS.map(({ incidents, newPerHour = 0, ...entry }) => ({
    tenant: newTenant({ ...entry, activity: { newPerHour, changesPerHour: newPerHour * 3 } }),
    incidents,
  }));
  return { tenants: [{ tenant: partner(), incidents: 0 }, ...customers], applications: applications() };
}
