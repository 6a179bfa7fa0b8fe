import { deviceEvidence, evidence, fileDetails, ipEvidence, userEvidence } from '../evidence.ts';
import type { Scene, StoryDraft } from '../scene.ts';
import { DEVICE_ACTIONS, encodedCommand, fileEvidence, processEvidence } from './endpoint.ts';
import { mailboxEvidence, messageEvidence } from './mail.ts';

/** From a message to encrypted servers in a working day. */
export function phishingToRansomware(scene: Scene): StoryDraft {
  const { random, estate, adversary, victim, device } = scene;
  const [server = device, second = device] = random.some(estate.servers, 2);
  const reach = random.int(2, 5);
  const encrypted = random.some([...estate.servers, ...estate.workstations], reach);
  const lure = `Re: ${estate.company} – order ${random.int(10_000, 99_999)}`;
  const downloads = `C:\\Users\\${victim.accountName}\\Downloads`;
  const payload = fileDetails(random, 'order.iso', downloads, adversary.sha256);
  const locker = fileDetails(random, 'nf64.exe', 'C:\\PerfLogs');
  const person = userEvidence(victim, estate.tid, { roles: ['compromised'], verdict: 'suspicious' });
  const powershell: [string, string] = ['powershell.exe', 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0'];
  return {
    truth: 'truePositive',
    determination: 'multiStagedAttack',
    name: `Human-operated ransomware attack by ${adversary.name} (attack disruption)`,
    tags: ['Ransomware'],
    summary: `A message to ${victim.name} led to credential theft on ${server.hostName} and to encryption on ${reach} devices.`,
    alerts: [
      {
        product: 'office',
        title: 'A potentially malicious URL click was detected',
        category: 'InitialAccess',
        techniques: ['T1566.002', 'T1204.001'],
        severity: 'high',
        description:
          'We have detected that one of your users has recently clicked on a link that was found to be malicious.',
        actions: 'Reset the password of the user. Remove the message from other mailboxes. Investigate the device.',
        minute: 0,
        evidence: [
          messageEvidence(scene, victim, lure),
          mailboxEvidence(victim, estate.tid),
          person,
          evidence('url', { verdict: 'malicious', url: `https://${adversary.domain}/order.iso` }),
        ],
      },
      {
        product: 'endpoint',
        title: 'Suspicious behavior by an Office or image-mounted process',
        category: 'Execution',
        techniques: ['T1204.002', 'T1059.001'],
        severity: 'medium',
        description: 'A process started from a mounted image ran an encoded PowerShell command.',
        actions: DEVICE_ACTIONS,
        minute: 7,
        threat: adversary.malware,
        evidence: [
          deviceEvidence(device, { detailedRoles: ['PrimaryDevice'], verdict: 'suspicious' }),
          person,
          fileEvidence(device, payload, { detectionStatus: 'detected' }),
          processEvidence(scene, device, victim, encodedCommand(random), powershell, { verdict: 'malicious' }),
        ],
      },
      {
        product: 'endpoint',
        title: 'Sensitive credential memory read',
        category: 'CredentialAccess',
        techniques: ['T1003.001'],
        severity: 'high',
        description:
          'The memory of lsass.exe, which holds the credentials of signed-in users, was read by another process.',
        actions: DEVICE_ACTIONS,
        minute: 58,
        evidence: [
          deviceEvidence(server, { detailedRoles: ['PrimaryDevice'], verdict: 'suspicious', riskScore: 'high' }),
          processEvidence(
            scene,
            server,
            victim,
            'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 712 C:\\PerfLogs\\l.dmp full',
            ['rundll32.exe', 'C:\\Windows\\System32'],
          ),
          evidence('hostLogonSession', {
            account: person,
            host: deviceEvidence(server),
            sessionId: `0x${random.hex(8)}`,
            startUtcDateTime: scene.stamp(50),
          }),
        ],
      },
      {
        product: 'identity',
        title: 'Suspected overpass-the-hash attack (Kerberos)',
        category: 'LateralMovement',
        techniques: ['T1550.002', 'T1021.002'],
        severity: 'high',
        description: `The account ${victim.accountName} used a weaker encryption type than it did before, from ${device.hostName} to ${second.hostName}.`,
        actions: 'Reset the password of the account twice. Investigate both devices.',
        minute: 96,
        evidence: [
          person,
          deviceEvidence(device, { roles: ['source'] }),
          deviceEvidence(second, { roles: ['destination'] }),
          evidence('networkConnection', {
            destinationAddress: ipEvidence(second.ipInterfaces[0] ?? '10.0.0.1', null),
            destinationPort: 445,
            protocol: 'tcp',
            sourceAddress: ipEvidence(device.ipInterfaces[0] ?? '10.0.0.2', null),
            sourcePort: random.int(49_152, 65_535),
          }),
        ],
      },
      {
        product: 'endpoint',
        title: 'Ransomware behavior detected in the file system',
        category: 'Ransomware',
        techniques: ['T1486', 'T1490'],
        severity: 'high',
        description:
          'Many files were renamed and overwritten with unreadable content in a short time, and shadow copies were deleted.',
        actions: DEVICE_ACTIONS,
        minute: 240,
        actor: adversary.name,
        threat: adversary.malware,
        evidence: encrypted.flatMap((host) => [
          deviceEvidence(host, { verdict: 'malicious', remediationStatus: 'pendingApproval', roles: ['attacked'] }),
          fileEvidence(host, locker, { detectionStatus: 'detected' }),
          processEvidence(
            scene,
            host,
            victim,
            'vssadmin.exe delete shadows /all /quiet',
            ['vssadmin.exe', 'C:\\Windows\\System32'],
            {
              verdict: 'malicious',
            },
          ),
        ]),
      },
    ],
  };
}
