/** An API that tokens can be asked for. Ids and names: dumps of first-party service principals, August 2026. */
export interface Resource {
  appId: string;
  displayName: string;
  names: string[];
  roles: Record<string, string>;
}

const GRAPH_ROLES = {
  'SecurityIncident.Read.All': 'Read all security incidents',
  'SecurityIncident.ReadWrite.All': 'Read and write to all security incidents',
  'SecurityAlert.Read.All': 'Read all security alerts',
  'SecurityAlert.ReadWrite.All': 'Read and write to all security alerts',
  'SecurityAlert.Create.All': 'Create security alerts',
  'ThreatHunting.Read.All': 'Run hunting queries',
  'SecurityEvents.Read.All': 'Read your organization’s security events',
  'SecurityEvents.ReadWrite.All': 'Read and update your organization’s security events',
  'SecurityActions.Read.All': 'Read your organization’s security actions',
  'CustomDetection.Read.All': 'Read all custom detection rules',
  'ThreatIntelligence.Read.All': 'Read all Threat Intelligence Information',
  'Organization.Read.All': 'Read organization information',
  'CrossTenantInformation.ReadBasic.All': 'Read cross-tenant basic information',
  'Application.ReadWrite.OwnedBy': 'Manage apps that this app creates or owns',
};

const THREAT_PROTECTION_ROLES = {
  'Incident.Read.All': 'Read all incidents',
  'Incident.ReadWrite.All': 'Read and write all incidents',
  'AdvancedHunting.Read.All': 'Run advanced hunting queries',
  'CustomDetections.ReadWrite.All': 'Read and write all custom detections',
};

const ENDPOINT_ROLES = {
  'AdvancedQuery.Read.All': 'Run advanced queries',
  'Alert.Read.All': 'Read all alerts',
  'Alert.ReadWrite.All': 'Read and write all alerts',
  'Machine.Read.All': 'Read all machine profiles',
  'Machine.Isolate': 'Isolate machine',
};

export const GRAPH: Resource = {
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  names: ['https://graph.microsoft.com'],
  roles: GRAPH_ROLES,
};

const RESOURCES: Resource[] = [
  GRAPH,
  {
    appId: '8ee8fdad-f234-4243-8f3b-15c294843740',
    displayName: 'Microsoft Threat Protection',
    names: [
      'https://api.security.microsoft.com',
      'https://api-us.security.microsoft.com',
      'https://api-eu.security.microsoft.com',
      'https://api-uk.security.microsoft.com',
      'https://security.microsoft.com/mtp',
    ],
    roles: THREAT_PROTECTION_ROLES,
  },
  {
    appId: 'fc780465-2017-40d4-a0c5-307022471b92',
    displayName: 'WindowsDefenderATP',
    names: [
      'https://api.securitycenter.microsoft.com',
      'https://api.securitycenter.windows.com',
      'https://securitycenter.onmicrosoft.com/windowsatpservice',
      'https://securitycenter.microsoft.com/mtp',
    ],
    roles: ENDPOINT_ROLES,
  },
];

/** By app id or service principal name, with or without the trailing slash. */
export function findResource(name: string, graphOrigin: string): Resource | null {
  const key = name.toLowerCase().replace(/\/$/, '');
  if (key === graphOrigin) return GRAPH;
  return RESOURCES.find((resource) => resource.appId === key || resource.names.includes(key)) ?? null;
}

export function resourceOfRole(role: string): Resource | null {
  return RESOURCES.find((resource) => role in resource.roles) ?? null;
}

/** Only Graph is in every tenant; the Defender APIs come with a Defender licence. */
export function isResourceInTenant(resource: Resource, noDefender: boolean): boolean {
  return resource === GRAPH || !noDefender;
}
