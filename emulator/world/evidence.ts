import type { Random } from '../random.ts';
import type { Evidence } from '../state/security-records.ts';
import type { Device, Person } from './estate.ts';

/**
 * Every evidence type of Graph v1.0 (CSDL of August 2026) with its own properties; `[]` marks collections. A story only
 * says what it knows: the rest is sent as null or empty, as Microsoft sends it.
 */
const FIELDS: Record<string, string> = {
  activeDirectoryDomain: 'activeDirectoryDomainName trustedDomains[]',
  aiAgent: 'agentId agentName hostingPlatformType instructions',
  amazonResource: 'amazonAccountId amazonResourceId resourceName resourceType',
  analyzedMessage:
    'antiSpamDirection attachmentsCount deliveryAction deliveryLocation internetMessageId language networkMessageId p1Sender p2Sender receivedDateTime recipientEmailAddress senderIp subject threatDetectionMethods[] threats[] urlCount urls[] urn',
  azureResource: 'resourceId resourceName resourceType',
  blobContainer: 'name storageResource url',
  blob: 'blobContainer etag fileHashes[] name url',
  cloudApplication: 'appId displayName instanceId instanceName saasAppId stream',
  cloudLogonRequest: 'requestId',
  cloudLogonSession:
    'account browser deviceName operatingSystem previousLogonDateTime protocol sessionId startUtcDateTime userAgent',
  container: 'args[] command[] containerId image isPrivileged name pod',
  containerImage: 'digestImage imageId registry',
  containerRegistry: 'registry',
  device:
    'azureAdDeviceId defenderAvStatus deviceDnsName dnsDomain firstSeenDateTime healthStatus hostName ipInterfaces[] lastExternalIpAddress lastIpAddress loggedOnUsers[] mdeDeviceId ntDomain onboardingStatus osBuild osPlatform rbacGroupId rbacGroupName resourceAccessEvents[] riskScore version vmMetadata',
  dns: 'dnsServerIp domainName hostIpAddress ipAddresses[]',
  file: 'detectionStatus fileDetails mdeDeviceId',
  fileHash: 'algorithm value',
  gitHubOrganization: 'company displayName email login orgId webUrl',
  gitHubRepo: 'baseUrl login owner ownerType repoId',
  gitHubUser: 'email login name userId webUrl',
  googleCloudResource: 'fullResourceName location locationType projectId projectNumber resourceName resourceType',
  hostLogonSession: 'account endUtcDateTime host sessionId startUtcDateTime',
  ioTDevice:
    'deviceId deviceName devicePageLink deviceSubType deviceType importance ioTHub ioTSecurityAgentId ipAddress isAuthorized isProgramming isScanner macAddress manufacturer model nics[] operatingSystem owners[] protocols[] purdueLayer sensor serialNumber site source sourceRef zone',
  ip: 'countryLetterCode ipAddress location stream',
  kubernetesCluster: 'cloudResource distribution name platform version',
  kubernetesController: 'labels name namespace type',
  kubernetesNamespace: 'cluster labels name',
  kubernetesPod:
    'containers[] controller ephemeralContainers[] initContainers[] labels name namespace podIp serviceAccount',
  kubernetesSecret: 'name namespace secretType',
  kubernetesServiceAccount: 'name namespace',
  kubernetesService: 'clusterIP externalIPs[] labels name namespace selector servicePorts[] serviceType',
  mailboxConfiguration:
    'configurationId configurationType displayName externalDirectoryObjectId mailboxPrimaryAddress upn',
  mailbox: 'displayName primaryAddress upn userAccount',
  mailCluster: 'clusterBy clusterByValue emailCount networkMessageIds[] query urn',
  malware: 'category files[] name processes[]',
  networkConnection: 'destinationAddress destinationPort protocol sourceAddress sourcePort',
  nic: 'ipAddress macAddress vlans[]',
  oauthApplication: 'appId displayName objectId publisher',
  process:
    'detectionStatus imageFile mdeDeviceId parentProcessCreationDateTime parentProcessId parentProcessImageFile processCommandLine processCreationDateTime processId userAccount',
  registryKey: 'registryHive registryKey',
  registryValue: 'mdeDeviceId registryHive registryKey registryValue registryValueName registryValueType',
  sasToken:
    'allowedIpAddresses allowedResourceTypes[] allowedServices[] expiryDateTime permissions[] protocol signatureHash signedWith startDateTime storageResource',
  securityGroup: 'activeDirectoryObjectGuid displayName distinguishedName friendlyName securityGroupId sid',
  servicePrincipal:
    'appId appOwnerTenantId servicePrincipalName servicePrincipalObjectId servicePrincipalType tenantId',
  submissionMail:
    'networkMessageId recipient reportType sender senderIp subject submissionDateTime submissionId submitter',
  teamsMessage:
    'campaignId channelId deliveryAction deliveryLocation files[] groupId isExternal isOwned lastModifiedDateTime messageDirection messageId owningTenantId parentMessageId receivedDateTime recipients[] senderFromAddress senderIP sourceAppName sourceId subject suspiciousRecipients[] threadId threadType urls[]',
  url: 'url',
  user: 'stream userAccount',
};

const REMEDIATION_OF: Record<string, string> = { malicious: 'active', suspicious: 'active' };

/** One piece of evidence. `createdDateTime` is set when the alert is built. */
export function evidence(kind: string, values: Record<string, unknown>): Evidence {
  const own = Object.fromEntries(
    (FIELDS[kind] ?? '')
      .split(' ')
      .filter((field) => field !== '')
      .map((field) => (field.endsWith('[]') ? [field.slice(0, -2), []] : [field, null])),
  );
  const verdict = String(values['verdict'] ?? 'unknown');
  return {
    '@odata.type': `#microsoft.graph.security.${kind}Evidence`,
    createdDateTime: null,
    verdict,
    remediationStatus: REMEDIATION_OF[verdict] ?? 'none',
    remediationStatusDetails: null,
    roles: [],
    detailedRoles: [],
    tags: [],
    ...own,
    ...values,
  };
}

export function evidenceKinds(): string[] {
  return Object.keys(FIELDS);
}

export function userAccount(person: Person, tid: string): Record<string, unknown> {
  return {
    accountName: person.accountName,
    domainName: person.ntDomain,
    userSid: person.sid,
    azureAdUserId: person.objectId,
    userPrincipalName: person.upn,
    displayName: person.name,
    activeDirectoryObjectGuid: null,
    tenantId: tid,
    resourceAccessEvents: [],
  };
}

export function userEvidence(person: Person, tid: string, values: Record<string, unknown> = {}): Evidence {
  return evidence('user', { userAccount: userAccount(person, tid), ...values });
}

export function deviceEvidence(device: Device, values: Record<string, unknown> = {}): Evidence {
  return evidence('device', {
    azureAdDeviceId: device.entraId,
    defenderAvStatus: device.server ? 'unknown' : 'updated',
    deviceDnsName: device.dnsName,
    dnsDomain: device.dnsDomain,
    firstSeenDateTime: device.firstSeen,
    healthStatus: 'active',
    hostName: device.hostName,
    ipInterfaces: device.ipInterfaces,
    lastExternalIpAddress: device.externalIp,
    lastIpAddress: device.ipInterfaces[0] ?? null,
    loggedOnUsers: device.owner ? [{ accountName: device.owner.accountName, domainName: device.owner.ntDomain }] : [],
    mdeDeviceId: device.mdeId,
    ntDomain: device.owner?.ntDomain ?? null,
    onboardingStatus: 'onboarded',
    osBuild: device.osBuild,
    osPlatform: device.osPlatform,
    rbacGroupId: device.rbacGroupId,
    rbacGroupName: device.rbacGroupName,
    riskScore: 'high',
    version: device.version,
    ...values,
  });
}

export function fileDetails(
  random: Random,
  fileName: string,
  filePath: string,
  sha256?: string,
): Record<string, unknown> {
  return {
    fileName,
    filePath,
    filePublisher: null,
    fileSize: random.int(9_216, 9_437_184),
    issuer: null,
    md5: random.hex(32),
    sha1: random.hex(40),
    sha256: sha256 ?? random.hex(64),
    sha256Ac: null,
    signer: null,
  };
}

export function ipEvidence(address: string, country: string | null, values: Record<string, unknown> = {}): Evidence {
  const location =
    country === null ? null : { city: null, countryName: country, latitude: null, longitude: null, state: null };
  return evidence('ip', { ipAddress: address, countryLetterCode: country, location, ...values });
}

/** A type this API version does not know: Microsoft adds some every few months. */
export function futureEvidence(random: Random): Evidence {
  return {
    ...evidence('browserExtension', { verdict: 'suspicious' }),
    extensionId: random.hex(32),
    extensionName: 'Invoice Helper <b>Pro</b>',
    storeUrl: null,
    installCount: random.int(1, 4000),
  };
}
