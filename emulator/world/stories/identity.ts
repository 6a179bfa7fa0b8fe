import { deviceEvidence, evidence, ipEvidence, userEvidence } from '../evidence.ts';
import type { Scene, StoryDraft } from '../scene.ts';

const ACCOUNT_ACTIONS =
  '1. Confirm the activity with the user.\n2. Revoke sessions and reset the password.\n3. Review MFA methods, inbox rules and app consents.\n4. Add the address to a Conditional Access named location if it is hostile.';

function session(scene: Scene, person = scene.victim) {
  const { random, estate } = scene;
  return evidence('cloudLogonSession', {
    verdict: 'suspicious',
    account: userEvidence(person, estate.tid),
    browser: 'Python Requests',
    deviceName: null,
    operatingSystem: 'Linux',
    previousLogonDateTime: scene.stamp(-3_000),
    protocol: 'OAuth2:Token',
    sessionId: random.guid(),
    startUtcDateTime: scene.stamp(-1),
    userAgent: 'python-requests/2.32.3',
  });
}

export function passwordSpray(scene: Scene): StoryDraft {
  const { random, estate, adversary } = scene;
  const targets = random.some(estate.people, random.int(4, 12));
  const [hit] = targets;
  const source = ipEvidence(adversary.ip, adversary.country, { verdict: 'malicious', roles: ['attacker'] });
  const alerts: StoryDraft['alerts'] = [
    {
      product: 'entra',
      title: 'Password Spray',
      category: 'CredentialAccess',
      techniques: ['T1110.003'],
      severity: 'medium',
      description: 'Password spray attack detected: one address tried few passwords on many accounts.',
      actions: ACCOUNT_ACTIONS,
      minute: 0,
      evidence: [source, ...targets.map((person) => userEvidence(person, estate.tid, { roles: ['attacked'] }))],
    },
  ];
  if (hit && random.chance(0.5)) {
    alerts.push({
      product: 'entra',
      title: 'Unfamiliar sign-in properties',
      category: 'InitialAccess',
      techniques: ['T1078', 'T1078.004'],
      severity: 'high',
      description:
        'The following properties of this sign-in are unfamiliar for the given user: ASN, Browser, Device, IP, Location.',
      actions: ACCOUNT_ACTIONS,
      minute: 22,
      evidence: [
        userEvidence(hit, estate.tid, { roles: ['compromised'], verdict: 'suspicious' }),
        source,
        session(scene, hit),
        evidence('cloudLogonRequest', { requestId: random.guid() }),
      ],
    });
  }
  return { truth: 'truePositive', determination: 'compromisedAccount', alerts };
}

export function impossibleTravel(scene: Scene): StoryDraft {
  const { random, estate, adversary, victim } = scene;
  return {
    truth: random.chance(0.7) ? 'informationalExpectedActivity' : 'falsePositive',
    determination: 'confirmedActivity',
    alerts: [
      {
        product: 'cloudApps',
        title: 'Impossible travel activity',
        category: 'InitialAccess',
        techniques: ['T1078'],
        severity: random.chance(0.5) ? 'low' : 'medium',
        description: `${victim.name} (${victim.upn}) was involved in an impossible travel incident. The user connected from two countries within ${random.int(20, 140)} minutes.`,
        actions: ACCOUNT_ACTIONS,
        minute: 0,
        evidence: [
          userEvidence(victim, estate.tid, { roles: ['compromised'] }),
          ipEvidence(estate.externalIp, 'DK'),
          ipEvidence(adversary.ip, adversary.country, { verdict: 'suspicious' }),
          session(scene),
          evidence('cloudApplication', { appId: 11161, displayName: 'Microsoft 365', instanceId: 0, saasAppId: 11161 }),
        ],
      },
    ],
  };
}

export function domainTakeover(scene: Scene): StoryDraft {
  const { random, estate, victim, device, adversary } = scene;
  const controller = estate.servers[0] ?? device;
  const group = evidence('securityGroup', {
    verdict: 'suspicious',
    activeDirectoryObjectGuid: random.guid(),
    displayName: 'Domain Admins',
    distinguishedName: `CN=Domain Admins,CN=Users,DC=${estate.domain.replaceAll('.', ',DC=')}`,
    friendlyName: 'Domain Admins',
    securityGroupId: random.guid(),
    sid: `${victim.sid.split('-').slice(0, -1).join('-')}-512`,
  });
  return {
    truth: 'truePositive',
    determination: 'maliciousUserActivity',
    alerts: [
      {
        product: 'identity',
        title: 'Security principal reconnaissance (LDAP)',
        category: 'Discovery',
        techniques: ['T1087.002', 'T1069.002'],
        severity: 'medium',
        description: `An actor on ${device.hostName} sent suspicious LDAP queries to ${controller.hostName}, searching for privileged groups.`,
        actions: 'Review the process that sent the queries. Contain the source device.',
        minute: 0,
        evidence: [
          deviceEvidence(device, { roles: ['source'] }),
          deviceEvidence(controller, { roles: ['destination'] }),
          group,
          evidence('activeDirectoryDomain', { activeDirectoryDomainName: estate.domain }),
        ],
      },
      {
        product: 'identity',
        title: 'Suspected DCSync attack (replication of directory services)',
        category: 'CredentialAccess',
        techniques: ['T1003.006'],
        severity: 'high',
        description: `${victim.accountName} on ${device.hostName} sent a replication request to ${controller.hostName}.`,
        actions: 'Disable the account. Reset the krbtgt password twice. Remove replication rights that are not needed.',
        minute: 35,
        actor: adversary.name,
        evidence: [
          userEvidence(victim, estate.tid, { verdict: 'malicious', roles: ['compromised'] }),
          deviceEvidence(device, { roles: ['source'], verdict: 'suspicious' }),
          deviceEvidence(controller, { roles: ['destination', 'attacked'] }),
        ],
      },
      {
        product: 'identity',
        title: 'Suspicious additions to sensitive groups',
        category: 'Persistence',
        techniques: ['T1098'],
        severity: 'medium',
        description: `${victim.accountName} was added to Domain Admins.`,
        actions: 'Remove the account from the group. Review the change log of the group.',
        minute: 41,
        evidence: [userEvidence(victim, estate.tid), group],
      },
    ],
  };
}
