import { Faults } from './http/faults.ts';
import { Database } from './state/database.ts';
import { loadSigningKey, type SigningKey } from './state/signing-key.ts';

interface Throttle {
  /** Times of the calls of the last minute. */
  calls: number[];
  blockedUntilMs: number;
}

/** Everything the three services share. */
export interface Cloud {
  database: Database;
  key: SigningKey;
  loginOrigin: string;
  graphOrigin: string;
  faults: Faults;
  throttles: Map<string, Throttle>;
  /** Resolvers of calls that hang at a frozen tenant. */
  frozen: Map<string, (() => void)[]>;
  log: (line: string) => void;
}

export function openCloud(
  folder: string | null,
  origins: { login: string; graph: string },
  log: (line: string) => void,
): Cloud {
  const database = new Database(folder);
  return {
    database,
    key: loadSigningKey(database),
    loginOrigin: origins.login,
    graphOrigin: origins.graph,
    faults: new Faults(),
    throttles: new Map(),
    frozen: new Map(),
    log,
  };
}

/** Lets go of the calls that hang at a tenant, or at all of them. */
export function thaw(cloud: Cloud, tid: string | null): void {
  for (const [frozenTid, waiting] of cloud.frozen) {
    if (tid !== null && frozenTid !== tid) continue;
    cloud.frozen.delete(frozenTid);
    for (const release of waiting) release();
  }
}
