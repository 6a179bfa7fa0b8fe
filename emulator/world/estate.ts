import { Random } from '../random.ts';
import { familyNames, givenNames, jobTitles, localeOfDomain, writtenName } from './names.ts';

export interface Person {
  name: string;
  accountName: string;
  upn: string;
  objectId: string;
  sid: string;
  ntDomain: string;
  jobTitle: string;
}

export interface Device {
  hostName: string;
  dnsName: string;
  dnsDomain: string | null;
  mdeId: string;
  entraId: string | null;
  osPlatform: string;
  osBuild: number | null;
  version: string | null;
  ipInterfaces: string[];
  externalIp: string;
  firstSeen: string;
  rbacGroupId: number;
  rbacGroupName: string;
  owner: Person | null;
  server: boolean;
}

/** The people and machines of one tenant. The same seed makes the same company, so incidents share their cast. */
export interface Estate {
  tid: string;
  domain: string;
  company: string;
  people: Person[];
  workstations: Device[];
  servers: Device[];
  subscriptionId: string;
  externalIp: string;
}

type System = [platform: string, build: number | null, version: string | null];

const CLIENT_SYSTEMS: readonly (readonly [number, System])[] = [
  [6, ['Windows11', 26200, '25H2']],
  [4, ['Windows11', 22631, '23H2']],
  [2, ['Windows10', 19045, '22H2']],
  [2, ['macOS', null, '26.1']],
  [1, ['Linux', null, null]],
];

const SERVER_NAMES = ['dc01', 'dc02', 'fs01', 'sql01', 'erp01', 'web01', 'backup01', 'print01'];

export function buildEstate(seed: number, tenant: { tid: string; domain: string; displayName: string }): Estate {
  const random = new Random(seed, 'estate', tenant.tid);
  const ntDomain = (tenant.domain.split('.')[0] ?? 'corp').toUpperCase().slice(0, 15);
  const domainSid = `S-1-5-21-${random.int(1e8, 2e9)}-${random.int(1e8, 2e9)}-${random.int(1e8, 2e9)}`;
  const externalIp = `198.51.100.${random.int(1, 254)}`;
  const people = castPeople(random, tenant.domain, ntDomain, domainSid);
  const machine = (hostName: string, owner: Person | null): Device => {
    const server = owner === null;
    const [osPlatform, osBuild, version] = server
      ? (['WindowsServer2022', 20348, '21H2'] satisfies System)
      : random.weighted(CLIENT_SYSTEMS);
    const joined = random.chance(0.85);
    return {
      hostName,
      dnsName: joined ? `${hostName}.${tenant.domain}` : hostName,
      dnsDomain: joined ? tenant.domain : null,
      mdeId: random.hex(40),
      entraId: joined ? random.guid() : null,
      osPlatform,
      osBuild,
      version,
      ipInterfaces: [
        `10.${random.int(0, 40)}.${random.int(0, 255)}.${random.int(2, 250)}`,
        `fe80::${random.hex(4)}:${random.hex(4)}`,
      ],
      externalIp,
      firstSeen: `2025-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}T08:${random.int(10, 59)}:0${random.int(0, 9)}.${random.int(1, 9_999_999)}Z`,
      rbacGroupId: server ? 200 : 125,
      rbacGroupName: server ? 'Servers' : 'Clients',
      owner,
      server,
    };
  };
  return {
    tid: tenant.tid,
    domain: tenant.domain,
    company: tenant.displayName,
    people,
    workstations: people.map((person, index) =>
      machine(`${ntDomain.toLowerCase().slice(0, 4)}-pc${101 + index}`, person),
    ),
    servers: SERVER_NAMES.map((name) => machine(`${ntDomain.toLowerCase().slice(0, 4)}-${name}`, null)),
    subscriptionId: random.guid(),
    externalIp,
  };
}

function castPeople(random: Random, domain: string, ntDomain: string, domainSid: string): Person[] {
  const locale = localeOfDomain(domain);
  const taken = new Set<string>();
  const people: Person[] = [];
  for (let attempt = 0; attempt < 60 && people.length < 28; attempt += 1) {
    const given = random.pick(givenNames(locale));
    const family = random.pick(familyNames(locale));
    const accountName = `${given[1]}.${family[1]}`;
    if (taken.has(accountName)) continue;
    taken.add(accountName);
    people.push({
      name: writtenName(locale, given, family),
      accountName,
      upn: `${accountName}@${domain}`,
      objectId: random.guid(),
      sid: `${domainSid}-${1100 + people.length}`,
      ntDomain,
      jobTitle: random.pick(jobTitles()),
    });
  }
  return people;
}
