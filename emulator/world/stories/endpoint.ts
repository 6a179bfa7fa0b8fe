import type { Random } from '../../random.ts';
import type { Evidence } from '../../state/security-records.ts';
import type { Device, Person } from '../estate.ts';
import { deviceEvidence, evidence, fileDetails, ipEvidence, userAccount, userEvidence } from '../evidence.ts';
import type { Scene, StoryDraft } from '../scene.ts';
import { familyOf } from '../threat-name.ts';

export const DEVICE_ACTIONS =
  'A. Validate the alert and scope the suspected breach.\n1. Inspect the process tree and the timeline of the device.\n2. Look for the same file and addresses on other devices.\n\nB. Contain and mitigate.\n1. Isolate the device.\n2. Stop the process and quarantine the file.\n3. Reset the credentials of users who were signed in.';

const SYSTEM32 = 'C:\\Windows\\System32';

/** As long as the encoded commands one meets: some hundreds to some tens of thousands of characters. */
export function encodedCommand(random: Random): string {
  const bytes = random.weighted([
    [6, 300],
    [3, 1_500],
    [1, 12_000],
  ] as const);
  return `"powershell.exe" -NoP -W Hidden -Exec Bypass -Enc ${random.base64(bytes)}`;
}

export function processEvidence(
  scene: Scene,
  device: Device,
  person: Person,
  commandLine: string,
  image: [name: string, folder: string, sha256?: string],
  values: Record<string, unknown> = {},
): Evidence {
  const { random, estate } = scene;
  return evidence('process', {
    detectionStatus: 'detected',
    imageFile: fileDetails(random, ...image),
    mdeDeviceId: device.mdeId,
    parentProcessCreationDateTime: scene.stamp(-90),
    parentProcessId: random.int(400, 9_000),
    parentProcessImageFile: fileDetails(random, 'explorer.exe', 'C:\\Windows'),
    processCommandLine: commandLine,
    processCreationDateTime: scene.stamp(-1),
    processId: random.int(1_000, 28_000),
    userAccount: userAccount(person, estate.tid),
    ...values,
  });
}

export function fileEvidence(device: Device, details: Record<string, unknown>, values: Record<string, unknown> = {}) {
  return evidence('file', {
    detectionStatus: 'prevented',
    fileDetails: details,
    mdeDeviceId: device.mdeId,
    verdict: 'malicious',
    ...values,
  });
}

export function malwareOnDevice(scene: Scene): StoryDraft {
  const { random, adversary, device, victim, estate } = scene;
  // The second name hides its extension behind a right-to-left override.
  const fileName = random.pick([
    'invoice_0917.exe',
    'Rechnung_\u202Efdp.exe',
    'setup (1).msi',
    'kvittering.pdf.js',
    'crack\u0007tool.exe',
  ]);
  const details = fileDetails(random, fileName, `C:\\Users\\${victim.accountName}\\Downloads`, adversary.sha256);
  const stopped = random.chance(0.7);
  const state = stopped ? 'prevented' : 'active';
  const file = fileEvidence(device, details, { remediationStatus: state });
  return {
    truth: 'truePositive',
    determination: 'malware',
    alerts: [
      {
        product: 'endpoint',
        detection: 'antivirus',
        title: `'${familyOf(adversary.malware)}' malware was ${stopped ? 'prevented' : 'detected'}`,
        category: 'Malware',
        techniques: [],
        severity: stopped ? 'informational' : 'medium',
        description:
          'Malware and unwanted software are undesirable applications that perform annoying, disruptive, or harmful actions on affected machines.',
        actions: DEVICE_ACTIONS,
        minute: 0,
        threat: adversary.malware,
        evidence: [
          deviceEvidence(device, { detailedRoles: ['PrimaryDevice'], riskScore: stopped ? 'low' : 'high' }),
          userEvidence(victim, estate.tid),
          file,
          evidence('malware', {
            verdict: 'malicious',
            category: adversary.malwareCategory,
            name: adversary.malware,
            files: [file],
          }),
          evidence('fileHash', { verdict: 'malicious', algorithm: 'sha256', value: adversary.sha256 }),
        ],
      },
    ],
  };
}

export function persistence(scene: Scene): StoryDraft {
  const { random, adversary, device, victim, estate } = scene;
  const key = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';
  const command = encodedCommand(random);
  const powershell: [string, string] = ['powershell.exe', `${SYSTEM32}\\WindowsPowerShell\\v1.0`];
  return {
    truth: 'truePositive',
    determination: 'multiStagedAttack',
    alerts: [
      {
        product: 'endpoint',
        title: 'Suspicious PowerShell command line',
        category: 'Execution',
        techniques: ['T1059.001', 'T1027'],
        severity: 'medium',
        description:
          'A suspicious PowerShell activity was observed on the machine. It may be an attempt to run code out of sight.',
        actions: DEVICE_ACTIONS,
        minute: 0,
        evidence: [
          deviceEvidence(device, { detailedRoles: ['PrimaryDevice'], verdict: 'suspicious' }),
          userEvidence(victim, estate.tid),
          processEvidence(scene, device, victim, command, powershell, { verdict: 'suspicious' }),
        ],
      },
      {
        product: 'endpoint',
        title: 'Anomaly detected in ASEP registry',
        category: 'Persistence',
        techniques: ['T1547.001', 'T1112'],
        severity: 'medium',
        description:
          'A process registered a suspicious command in an ASEP registry key, where it will run after a reboot.',
        actions: DEVICE_ACTIONS,
        minute: 4,
        evidence: [
          deviceEvidence(device, { detailedRoles: ['PrimaryDevice'], verdict: 'suspicious' }),
          evidence('registryKey', { verdict: 'suspicious', registryHive: 'HKEY_CURRENT_USER', registryKey: key }),
          evidence('registryValue', {
            verdict: 'malicious',
            mdeDeviceId: device.mdeId,
            registryHive: 'HKEY_CURRENT_USER',
            registryKey: key,
            registryValue: command,
            registryValueName: 'OneDrive Updater',
            registryValueType: 'String',
          }),
        ],
      },
      {
        product: 'endpoint',
        title: 'Connection to a custom network indicator',
        detection: 'customTi',
        category: 'CommandAndControl',
        techniques: ['T1071.001'],
        severity: random.chance(0.3) ? 'high' : 'low',
        description: `An endpoint has connected to ${adversary.domain}, which is on your list of custom indicators.`,
        actions: DEVICE_ACTIONS,
        minute: 9,
        evidence: [
          deviceEvidence(device, { detailedRoles: ['PrimaryDevice'] }),
          evidence('networkConnection', {
            verdict: 'suspicious',
            destinationAddress: ipEvidence(adversary.ip, adversary.country),
            destinationPort: 443,
            protocol: 'tcp',
            sourceAddress: ipEvidence(device.ipInterfaces[0] ?? '10.0.0.5', null),
            sourcePort: random.int(49_152, 65_535),
          }),
          evidence('dns', {
            verdict: 'suspicious',
            domainName: adversary.domain,
            ipAddresses: [ipEvidence(adversary.ip, adversary.country)],
          }),
          evidence('url', { verdict: 'suspicious', url: `https://${adversary.domain}/gate.php?id=${random.hex(12)}` }),
        ],
      },
    ],
  };
}
