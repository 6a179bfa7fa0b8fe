/** The Microsoft clouds that the product speaks to, and the only hosts each may lead to. */

/** Hosts as of Microsoft Graph's national cloud page and Defender XDR's API pages; China has no incidents API. */
const CLOUDS = {
  global: {
    loginOrigin: 'https://login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
    graphResource: 'https://graph.microsoft.com',
    defenderPortalHosts: ['security.microsoft.com'],
  },
  gcc: {
    loginOrigin: 'https://login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
    graphResource: 'https://graph.microsoft.com',
    defenderPortalHosts: ['security.microsoft.com'],
  },
  gcchigh: {
    loginOrigin: 'https://login.microsoftonline.us',
    graphOrigin: 'https://graph.microsoft.us',
    graphResource: 'https://graph.microsoft.us',
    defenderPortalHosts: ['security.microsoft.us'],
  },
  dod: {
    loginOrigin: 'https://login.microsoftonline.us',
    graphOrigin: 'https://dod-graph.microsoft.us',
    graphResource: 'https://dod-graph.microsoft.us',
    defenderPortalHosts: ['security.apps.mil'],
  },
} as const;

export const CLOUD_NAMES = ['global', 'gcc', 'gcchigh', 'dod', 'custom'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

export interface Cloud {
  name: CloudName;
  loginOrigin: string;
  graphOrigin: string;
  /** The audience that tokens for Graph are asked for. */
  graphResource: string;
  defenderPortalHosts: readonly string[];
}

/** Origins of a `custom` cloud, from the configuration. */
export interface CustomOrigins {
  loginOrigin?: string | undefined;
  graphOrigin?: string | undefined;
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True when `origin` parses as an http(s) origin of this machine. */
export function isLoopbackOrigin(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && /^https?:$/.test(url.protocol) && LOOPBACK_HOSTS.has(url.hostname);
}

/**
 * The cloud of that name. `custom` takes its origins from the configuration and only if they and the portal itself are
 * on this machine; otherwise `problems` says what is wrong and `cloud` is null.
 */
export function cloudFrom(
  name: CloudName,
  portalOrigin: string | undefined,
  custom: CustomOrigins,
): { cloud: Cloud | null; problems: string[] } {
  const problems: string[] = [];
  if (name !== 'custom') {
    if (custom.loginOrigin || custom.graphOrigin) {
      problems.push(
        `WATCHFOLD_LOGIN_ORIGIN and WATCHFOLD_GRAPH_ORIGIN are only for WATCHFOLD_CLOUD=custom: unset them`,
      );
    }
    return problems.length ? { cloud: null, problems } : { cloud: { name, ...CLOUDS[name] }, problems };
  }
  for (const [variable, origin] of [
    ['WATCHFOLD_LOGIN_ORIGIN', custom.loginOrigin],
    ['WATCHFOLD_GRAPH_ORIGIN', custom.graphOrigin],
    ['WATCHFOLD_PUBLIC_URL', portalOrigin],
  ] as const) {
    if (!origin) problems.push(`${variable} is needed with WATCHFOLD_CLOUD=custom`);
    else if (!isLoopbackOrigin(origin))
      problems.push(`${variable} must be on this machine with WATCHFOLD_CLOUD=custom`);
  }
  if (problems.length || !custom.loginOrigin || !custom.graphOrigin) return { cloud: null, problems };
  const cloud = {
    ...CLOUDS.global,
    name,
    loginOrigin: new URL(custom.loginOrigin).origin,
    graphOrigin: new URL(custom.graphOrigin).origin,
  };
  return { cloud, problems };
}
