import type { Person } from '../estate.ts';
import { evidence, ipEvidence, userAccount, userEvidence } from '../evidence.ts';
import type { Scene, StoryDraft } from '../scene.ts';

const MAIL_ACTIONS =
  '1. Verify whether the message was delivered and whether the recipient interacted with it.\n2. Soft delete similar messages in Explorer.\n3. Block the sender and the URL in the Tenant Allow/Block List.\n4. Review the sign-ins of the recipients.';

const SUBJECTS = [
  'Your parcel could not be delivered',
  'Faktura 2026-1183 er forfalden',
  'Action required: mailbox storage is full',
  'Re: Re: contrato firmado – versión final',
  '<img src=x onerror=alert(1)> Payroll update',
  'Virement urgent à valider avant 17 h',
  '付款通知:发票 2026-0917',
  'Secure document for "Finance" & <b>HR</b>',
];

export function messageEvidence(
  scene: Scene,
  recipient: Person,
  subject: string,
  values: Record<string, unknown> = {},
) {
  const { random, adversary } = scene;
  const url = `https://${adversary.domain}/${random.hex(8)}?u=${encodeURIComponent(recipient.upn)}`;
  const sender = {
    displayName: 'Accounts "Dept" <billing>',
    domainName: adversary.domain,
    emailAddress: adversary.sender,
  };
  return evidence('analyzedMessage', {
    verdict: 'malicious',
    antiSpamDirection: 'inbound',
    attachmentsCount: 0,
    deliveryAction: 'delivered',
    deliveryLocation: 'inbox',
    internetMessageId: `<${random.guid()}@${adversary.domain}>`,
    language: 'en',
    networkMessageId: random.guid(),
    p1Sender: sender,
    p2Sender: sender,
    receivedDateTime: scene.stamp(-12),
    recipientEmailAddress: recipient.upn,
    senderIp: adversary.senderIp,
    subject,
    threatDetectionMethods: ['URL detonation', 'Fingerprint matching'],
    threats: ['Phish'],
    urlCount: 1,
    urls: [url],
    urn: `urn:MailEntity:${random.hex(32)}`,
    ...values,
  });
}

export function mailboxEvidence(person: Person, tid: string, values: Record<string, unknown> = {}) {
  return evidence('mailbox', {
    displayName: person.name,
    primaryAddress: person.upn,
    upn: person.upn,
    userAccount: userAccount(person, tid),
    ...values,
  });
}

/** The everyday one: messages taken out of mailboxes after delivery. */
export function removedPhish(scene: Scene): StoryDraft {
  const { random, estate, adversary } = scene;
  const recipients = random.some(estate.people, random.int(1, 5));
  const subject = random.pick(SUBJECTS);
  const cluster = evidence('mailCluster', {
    verdict: 'malicious',
    remediationStatus: 'remediated',
    clusterBy: 'Subject;P2SenderDomain;ContentType',
    clusterByValue: `${subject};${adversary.domain};1`,
    emailCount: recipients.length + random.int(0, 30),
    networkMessageIds: recipients.map(() => random.guid()),
    query: `(((Subject:"${subject}") AND (P2SenderDomain:${adversary.domain})))`,
    urn: `urn:MailClusterEntity:${random.hex(32)}`,
  });
  return {
    truth: 'truePositive',
    determination: 'phishing',
    alerts: [
      {
        product: 'office',
        title: 'Email messages containing malicious URL removed after delivery',
        category: 'InitialAccess',
        techniques: ['T1566.002'],
        severity: 'informational',
        description:
          'Emails with malicious URL that were delivered and later removed. Zero-hour auto purge found them after new intelligence arrived.',
        actions: MAIL_ACTIONS,
        minute: 0,
        evidence: [
          cluster,
          ...recipients.flatMap((person) => [
            messageEvidence(scene, person, subject, {
              remediationStatus: 'remediated',
              deliveryLocation: 'quarantine',
            }),
            mailboxEvidence(person, estate.tid),
          ]),
          evidence('url', { verdict: 'malicious', url: `https://${adversary.domain}/` }),
        ],
      },
    ],
  };
}

export function reportedPhish(scene: Scene): StoryDraft {
  const { random, victim, adversary, estate } = scene;
  const subject = random.pick(SUBJECTS);
  return {
    truth: random.chance(0.6) ? 'falsePositive' : 'truePositive',
    determination: 'phishing',
    alerts: [
      {
        product: 'office',
        title: 'Email reported by user as malware or phish',
        category: 'InitialAccess',
        techniques: ['T1566'],
        severity: 'low',
        description: 'This alert is triggered when a user reports an email message as phishing.',
        actions: MAIL_ACTIONS,
        minute: 0,
        evidence: [
          evidence('submissionMail', {
            networkMessageId: random.guid(),
            recipient: victim.upn,
            reportType: 'Phish',
            sender: adversary.sender,
            senderIp: adversary.senderIp,
            subject,
            submissionDateTime: scene.stamp(-2),
            submissionId: random.guid(),
            submitter: victim.upn,
          }),
          messageEvidence(scene, victim, subject, { verdict: 'suspicious' }),
          mailboxEvidence(victim, estate.tid),
        ],
      },
    ],
  };
}

export function businessEmailCompromise(scene: Scene): StoryDraft {
  const { random, estate, adversary, victim } = scene;
  const target = random.pick(estate.people);
  const attackerIp = ipEvidence(adversary.ip, adversary.country, { verdict: 'malicious', roles: ['attacker'] });
  return {
    truth: 'truePositive',
    determination: 'compromisedAccount',
    name: 'BEC financial fraud attack launched from a compromised account (attack disruption)',
    tags: ['BEC'],
    summary: `The mailbox of ${victim.name} was used from ${adversary.ip} to read invoices, hide replies and ask ${target.name} for a payment.`,
    alerts: [
      {
        product: 'entra',
        title: 'Anonymous IP address',
        category: 'InitialAccess',
        techniques: ['T1078.004'],
        severity: 'medium',
        description: 'Sign-in from an anonymous IP address (e.g. Tor browser, anonymizer VPNs)',
        actions: 'Confirm with the user that the sign-in was theirs. If not, reset the password and revoke sessions.',
        minute: 0,
        evidence: [userEvidence(victim, estate.tid, { roles: ['compromised'] }), attackerIp],
      },
      {
        product: 'cloudApps',
        title: 'Suspicious inbox manipulation rule',
        category: 'DefenseEvasion',
        techniques: ['T1564.008', 'T1114.003'],
        severity: 'medium',
        description: `A suspicious inbox rule was set on the mailbox of ${victim.upn}: messages that contain "invoice" are moved to RSS Subscriptions.`,
        actions: 'Remove the rule. Review messages the rule has touched. Check other mailboxes for the same rule.',
        minute: 46,
        evidence: [
          userEvidence(victim, estate.tid, { verdict: 'suspicious', roles: ['compromised'] }),
          attackerIp,
          evidence('mailboxConfiguration', {
            verdict: 'malicious',
            configurationId: random.guid(),
            configurationType: 'userInboxRule',
            displayName: '.',
            externalDirectoryObjectId: victim.objectId,
            mailboxPrimaryAddress: victim.upn,
            upn: victim.upn,
          }),
          evidence('cloudApplication', {
            appId: 20893,
            displayName: 'Microsoft Exchange Online',
            instanceId: 0,
            saasAppId: 20893,
          }),
        ],
      },
      {
        product: 'xdr',
        title: 'BEC-related user account compromised through a known AiTM phishing kit',
        category: 'CredentialAccess',
        techniques: ['T1557', 'T1539'],
        severity: 'high',
        description: `The session of ${victim.name} was replayed from ${adversary.ip} after a visit to ${adversary.domain}.`,
        actions:
          'Automatic attack disruption has disabled the account. Revoke sessions, reset the password, review MFA methods.',
        minute: 71,
        actor: adversary.name,
        evidence: [
          userEvidence(victim, estate.tid, {
            verdict: 'malicious',
            remediationStatus: 'remediated',
            roles: ['compromised'],
          }),
          mailboxEvidence(victim, estate.tid, { roles: ['compromised'] }),
          messageEvidence(scene, target, `Re: ${random.pick(SUBJECTS)}`, { antiSpamDirection: 'intraorg' }),
          attackerIp,
        ],
      },
    ],
  };
}
