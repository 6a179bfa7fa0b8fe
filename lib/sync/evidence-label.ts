/** The one field that tells a piece of evidence apart at a glance, by its type. */

type Path = readonly string[];

const path = (text: string): Path => text.split('.');

/** First path that holds a text wins. Types and members as in Graph's schema for microsoft.graph.security. */
const LABELS: Record<string, readonly Path[]> = {
  activeDirectoryDomainEvidence: [path('activeDirectoryDomainName')],
  aiAgentEvidence: [path('agentName'), path('agentId')],
  amazonResourceEvidence: [path('resourceName'), path('amazonResourceId')],
  analyzedMessageEvidence: [path('subject'), path('recipientEmailAddress'), path('internetMessageId')],
  azureResourceEvidence: [path('resourceName'), path('resourceId')],
  blobContainerEvidence: [path('name'), path('url')],
  blobEvidence: [path('name'), path('url')],
  cloudApplicationEvidence: [path('displayName'), path('instanceName')],
  cloudLogonRequestEvidence: [path('requestId')],
  cloudLogonSessionEvidence: [path('account.userAccount.userPrincipalName'), path('deviceName'), path('sessionId')],
  containerEvidence: [path('name'), path('containerId')],
  containerImageEvidence: [path('imageId')],
  containerRegistryEvidence: [path('registry')],
  deviceEvidence: [path('deviceDnsName'), path('hostName'), path('mdeDeviceId')],
  dnsEvidence: [path('domainName')],
  fileEvidence: [path('fileDetails.fileName'), path('fileDetails.sha256'), path('fileDetails.sha1')],
  fileHashEvidence: [path('value')],
  gitHubOrganizationEvidence: [path('login'), path('displayName')],
  gitHubRepoEvidence: [path('baseUrl'), path('login'), path('repoId')],
  gitHubUserEvidence: [path('login'), path('email')],
  googleCloudResourceEvidence: [path('resourceName'), path('fullResourceName')],
  hostLogonSessionEvidence: [path('host.deviceDnsName'), path('host.hostName'), path('sessionId')],
  ioTDeviceEvidence: [path('deviceName'), path('deviceId')],
  ipEvidence: [path('ipAddress')],
  kubernetesClusterEvidence: [path('name')],
  kubernetesControllerEvidence: [path('name')],
  kubernetesNamespaceEvidence: [path('name')],
  kubernetesPodEvidence: [path('name')],
  kubernetesSecretEvidence: [path('name')],
  kubernetesServiceAccountEvidence: [path('name')],
  kubernetesServiceEvidence: [path('name')],
  mailboxConfigurationEvidence: [path('displayName'), path('mailboxPrimaryAddress'), path('configurationId')],
  mailboxEvidence: [path('primaryAddress'), path('upn'), path('displayName')],
  mailClusterEvidence: [path('clusterByValue'), path('query')],
  malwareEvidence: [path('name')],
  networkConnectionEvidence: [path('destinationAddress.ipAddress'), path('sourceAddress.ipAddress')],
  nicEvidence: [path('macAddress'), path('ipAddress.ipAddress')],
  oauthApplicationEvidence: [path('displayName'), path('appId')],
  processEvidence: [path('processCommandLine'), path('imageFile.fileName')],
  registryKeyEvidence: [path('registryKey')],
  registryValueEvidence: [path('registryValueName'), path('registryKey')],
  sasTokenEvidence: [path('signatureHash')],
  securityGroupEvidence: [path('displayName'), path('friendlyName'), path('securityGroupId')],
  servicePrincipalEvidence: [path('servicePrincipalName'), path('appId')],
  submissionMailEvidence: [path('subject'), path('recipient')],
  teamsMessageEvidence: [path('subject'), path('senderFromAddress'), path('messageId')],
  urlEvidence: [path('url')],
  userEvidence: [
    path('userAccount.userPrincipalName'),
    path('userAccount.displayName'),
    path('userAccount.accountName'),
    path('userAccount.userSid'),
  ],
};

function textAt(value: unknown, [name, ...rest]: Path): string | null {
  if (name === undefined) return typeof value === 'string' && value.trim() !== '' ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  return textAt((value as Record<string, unknown>)[name], rest);
}

/** Null for a type that is not known, or when none of its telling fields is filled. */
export function evidenceLabel(kind: string, evidence: object): string | null {
  // Object.hasOwn, because a type could be named like a member that every object has.
  const paths = Object.hasOwn(LABELS, kind) ? (LABELS[kind] ?? []) : [];
  for (const candidate of paths) {
    const text = textAt(evidence, candidate);
    if (text !== null) return text;
  }
  return null;
}
