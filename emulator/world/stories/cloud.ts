import { evidence, ipEvidence, userEvidence } from '../evidence.ts';
import type { Scene, StoryDraft } from '../scene.ts';

const APP_ACTIONS =
  '1. Review the permissions and the publisher of the application.\n2. Disable it and revoke its grants if it is not known.\n3. Review what it read with the granted permissions.';

/** A stolen session, and an application that outlives the password reset. */
export function cloudTokenTheft(scene: Scene): StoryDraft {
  const { random, estate, adversary, victim } = scene;
  const appId = random.guid();
  const app = evidence('oauthApplication', {
    verdict: 'malicious',
    appId,
    displayName: random.pick(['Mail Backup Pro', 'PDF "Signer"', 'eM Client', '<script>alert(1)</script>']),
    objectId: random.guid(),
    publisher: null,
  });
  const source = ipEvidence(adversary.ip, adversary.country, { verdict: 'malicious' });
  return {
    truth: 'truePositive',
    determination: 'compromisedAccount',
    alerts: [
      {
        product: 'entra',
        title: 'Anomalous Token',
        category: 'CredentialAccess',
        techniques: ['T1528', 'T1539'],
        severity: 'high',
        description:
          'Indicates that there are abnormal characteristics in the token such as the token duration or authentication from an unfamiliar location.',
        actions: 'Revoke sessions of the user. Require re-registration of MFA.',
        minute: 0,
        evidence: [
          userEvidence(victim, estate.tid, { roles: ['compromised'] }),
          source,
          evidence('cloudLogonSession', {
            account: userEvidence(victim, estate.tid),
            browser: 'Chrome 142',
            sessionId: random.guid(),
            startUtcDateTime: scene.stamp(-2),
            userAgent: 'Mozilla/5.0',
          }),
        ],
      },
      {
        product: 'appGovernance',
        title: 'OAuth app with suspicious mail activity',
        category: 'Collection',
        techniques: ['T1114.002', 'T1550.001'],
        severity: 'medium',
        description:
          'An application that was consented to shortly before read an unusual number of messages through Graph.',
        actions: APP_ACTIONS,
        minute: 31,
        evidence: [
          app,
          evidence('servicePrincipal', {
            verdict: 'suspicious',
            appId,
            appOwnerTenantId: random.guid(),
            servicePrincipalName: 'Mail Backup Pro',
            servicePrincipalObjectId: random.guid(),
            servicePrincipalType: 'application',
            tenantId: estate.tid,
          }),
          userEvidence(victim, estate.tid),
        ],
      },
      {
        product: 'cloudApps',
        title: 'Mass download by a single user',
        category: 'Exfiltration',
        techniques: ['T1567.002'],
        severity: 'medium',
        description: `${victim.name} downloaded ${random.int(120, 4_000)} unique files in less than ten minutes.`,
        actions: APP_ACTIONS,
        minute: 64,
        evidence: [
          userEvidence(victim, estate.tid),
          source,
          evidence('cloudApplication', {
            appId: 15600,
            displayName: 'Microsoft OneDrive for Business',
            instanceId: 0,
            saasAppId: 15600,
            stream: { name: 'default' },
          }),
        ],
      },
    ],
  };
}

export function cryptoMining(scene: Scene): StoryDraft {
  const { random, estate, adversary } = scene;
  const group = `/subscriptions/${estate.subscriptionId}/resourceGroups/rg-prod`;
  const vm = evidence('azureResource', {
    verdict: 'suspicious',
    resourceId: `${group}/providers/Microsoft.Compute/virtualMachines/vm-web-${random.int(1, 9)}`,
    resourceName: 'vm-web',
    resourceType: 'Virtual Machine',
  });
  return {
    truth: 'truePositive',
    determination: 'malware',
    alerts: [
      {
        product: 'cloud',
        detection: 'microsoftDefenderForServers',
        title: 'Digital currency mining related behavior detected',
        category: 'Impact',
        techniques: ['T1496'],
        severity: 'high',
        description:
          'Analysis of host data detected the execution of a process or command normally associated with digital currency mining.',
        actions: 'Isolate the machine. Review how the attacker came in. Rotate the secrets it could read.',
        minute: 0,
        evidence: [
          vm,
          ipEvidence(adversary.ip, adversary.country, { verdict: 'malicious' }),
          evidence('dns', { domainName: `pool.${adversary.domain}` }),
        ],
      },
      {
        product: 'cloud',
        detection: 'microsoftDefenderForResourceManager',
        title: 'Suspicious creation of compute resources detected',
        category: 'Impact',
        techniques: ['T1578.002'],
        severity: 'medium',
        description: 'Compute resources were created in numbers and regions that are unusual for this subscription.',
        actions: 'Delete the resources. Review role assignments of the principal.',
        minute: 17,
        evidence: [
          evidence('azureResource', {
            resourceId: `/subscriptions/${estate.subscriptionId}`,
            resourceName: estate.company,
            resourceType: 'Subscription',
          }),
          userEvidence(scene.victim, estate.tid, { roles: ['suspicious'] }),
        ],
      },
    ],
  };
}

export function storageExfiltration(scene: Scene): StoryDraft {
  const { random, estate, adversary } = scene;
  const account = `st${random.hex(10)}`;
  const storage = evidence('azureResource', {
    resourceId: `/subscriptions/${estate.subscriptionId}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${account}`,
    resourceName: account,
    resourceType: 'Storage Account',
  });
  const url = `https://${account}.blob.example/backup`;
  const container = evidence('blobContainer', { name: 'backup', storageResource: storage, url });
  return {
    truth: random.chance(0.5) ? 'informationalExpectedActivity' : 'truePositive',
    determination: 'lineOfBusinessApplication',
    alerts: [
      {
        product: 'cloud',
        detection: 'microsoftDefenderForStorage',
        title: 'Unusual SAS token was used to access an Azure storage account from a public IP address',
        category: 'Exfiltration',
        techniques: ['T1530', 'T1567.002'],
        severity: 'low',
        description:
          'A SAS token with broad permissions was used from an address that has not used this account before.',
        actions: 'Rotate the account keys. Issue user delegation SAS tokens with short lives.',
        minute: 0,
        evidence: [
          storage,
          container,
          evidence('blob', {
            blobContainer: container,
            etag: `0x${random.hex(15)}`,
            name: 'customers-2026.bak',
            url: `${url}/customers-2026.bak`,
          }),
          evidence('sasToken', {
            allowedResourceTypes: ['Container', 'Object'],
            allowedServices: ['Blob'],
            expiryDateTime: scene.stamp(500_000),
            permissions: ['Read', 'List', 'Write'],
            protocol: 'HttpsOnly',
            signatureHash: random.hex(64),
            signedWith: 'Key1',
            startDateTime: scene.stamp(-500_000),
            storageResource: storage,
          }),
          ipEvidence(adversary.ip, adversary.country, { verdict: 'suspicious' }),
        ],
      },
    ],
  };
}

export function clusterBreakIn(scene: Scene): StoryDraft {
  const { random, adversary } = scene;
  const cluster = evidence('kubernetesCluster', {
    name: 'aks-prod',
    platform: 'aks',
    distribution: 'AKS',
    version: '1.33.4',
  });
  const namespace = evidence('kubernetesNamespace', { name: 'payments', cluster });
  const registry = evidence('containerRegistry', { registry: 'registry.example' });
  const image = evidence('containerImage', { imageId: `registry.example/xmr@sha256:${adversary.sha256}`, registry });
  const pod = evidence('kubernetesPod', {
    name: `payments-api-${random.hex(5)}`,
    namespace,
    podIp: ipEvidence(`10.244.1.${random.int(2, 250)}`, null),
    serviceAccount: evidence('kubernetesServiceAccount', { name: 'default', namespace }),
  });
  return {
    truth: 'truePositive',
    determination: 'malware',
    alerts: [
      {
        product: 'cloud',
        detection: 'microsoftDefenderForContainers',
        title: 'New container in the kube-system namespace with a mining image detected',
        category: 'Execution',
        techniques: ['T1610', 'T1496'],
        severity: 'high',
        description: 'A container with an image known for mining was started with elevated privileges.',
        actions: 'Delete the pod. Review who may create workloads in the cluster.',
        minute: 0,
        evidence: [
          cluster,
          namespace,
          pod,
          image,
          evidence('container', {
            verdict: 'malicious',
            args: ['--donate-level', '0'],
            command: ['/xmrig'],
            containerId: random.hex(64),
            image,
            isPrivileged: true,
            name: 'xmrig',
            pod,
          }),
          evidence('kubernetesController', {
            name: 'payments-api',
            namespace,
            type: 'Deployment',
            labels: { app: 'payments' },
          }),
          evidence('kubernetesService', {
            clusterIP: ipEvidence('10.0.12.7', null),
            labels: {},
            name: 'payments',
            namespace,
            selector: { app: 'payments' },
            servicePorts: [
              { appProtocol: null, name: 'https', nodePort: 0, port: 443, protocol: 'tcp', targetPort: '8443' },
            ],
            serviceType: 'clusterIP',
          }),
          evidence('kubernetesSecret', { name: 'payments-db', namespace, secretType: 'Opaque' }),
        ],
      },
    ],
  };
}
