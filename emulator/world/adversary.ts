import { Random } from '../random.ts';

/** What one group of attackers leaves behind. Groups strike several tenants, so their traces can be matched across them. */
export interface Adversary {
  name: string;
  malware: string;
  malwareCategory: string;
  sha256: string;
  ip: string;
  country: string;
  domain: string;
  sender: string;
  senderIp: string;
}

const NAMES = [
  'Storm-2117',
  'Storm-1849',
  'Velvet Heron',
  'Copper Lynx',
  'Storm-0940',
  'Amber Otter',
  'Storm-3304',
  'Pale Viper',
];
const MALWARE = [
  ['Trojan:Win32/Kestrelo.A!ml', 'Trojan'],
  ['Ransom:Win64/NightFold.B', 'Ransomware'],
  ['Backdoor:Win64/Brackish.C!dha', 'Backdoor'],
  ['TrojanDownloader:JS/Parcelo.D', 'TrojanDownloader'],
  ['HackTool:Win32/CredSift!pz', 'HackTool'],
  ['Behavior:Win32/HollowStep.A', 'SuspiciousBehavior'],
] as const;
const COUNTRIES = ['RU', 'NG', 'BR', 'VN', 'US', 'NL', 'RO', 'KP'];
const WORDS = ['invoice', 'portal', 'secure', 'parcel', 'docs', 'share', 'login', 'billing'];

/** The shared pool; addresses are of the documentation ranges, names end in reserved domains. */
export function adversaries(seed: number): Adversary[] {
  return NAMES.map((name) => {
    const random = new Random(seed, 'adversary', name);
    return makeAdversary(random, name);
  });
}

function makeAdversary(random: Random, name: string): Adversary {
  const [malware, malwareCategory] = random.pick(MALWARE);
  const domain = `${random.pick(WORDS)}-${random.pick(WORDS)}${random.int(2, 99)}.example`;
  return {
    name,
    malware,
    malwareCategory,
    sha256: random.hex(64),
    ip: `203.0.113.${random.int(1, 254)}`,
    country: random.pick(COUNTRIES),
    domain,
    sender: `${random.pick(['no-reply', 'accounts', 'ceo.office', 'support'])}@${domain}`,
    senderIp: `192.0.2.${random.int(1, 254)}`,
  };
}

/** A known group in two cases of five, else somebody new. */
export function chooseAdversary(random: Random, pool: readonly Adversary[]): Adversary {
  return random.chance(0.4) ? random.pick(pool) : makeAdversary(random, `Unknown-${random.int(1000, 9999)}`);
}
