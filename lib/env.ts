/**
 * The environment, read and judged in one place. Everything that is wrong is told at once; nothing has a default that
 * would be unsafe in production.
 */
import fs from 'node:fs';
import { z } from 'zod';
import { CLOUD_NAMES, type Cloud, cloudFrom, isLoopbackOrigin } from './cloud';
import { isGuid } from './guid';
import { Secret } from './secret';

/** All that is wrong with the environment, one line each. */
export class EnvironmentError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

const guid = (what: string) => z.string({ error: `is needed: ${what}` }).refine(isGuid, `must be a GUID: ${what}`);
const wholeNumber = (fallback: number, least: number, most: number) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text === '') return fallback;
      const value = Number(text);
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      context.addIssue({ code: 'custom', message: `must be a whole number from ${least} to ${most}` });
      return z.NEVER;
    });
const readableFile = (what: string) =>
  z
    .string({ error: `is needed: ${what}` })
    .refine((file) => fs.existsSync(file), { message: `names a file that does not exist: ${what}` });

const shared = z.object({
  DATABASE_URL: z
    .string({ error: "is needed: this process's own PostgreSQL login, postgresql://…" })
    .regex(/^postgres(ql)?:\/\/.+/, 'must start with postgresql://'),
  WATCHFOLD_CLOUD: z.enum(CLOUD_NAMES, { error: `must be one of ${CLOUD_NAMES.join(', ')}` }),
  WATCHFOLD_PUBLIC_URL: z
    .string({ error: "is needed: the portal's address as browsers see it" })
    .refine((text) => URL.parse(text)?.origin === text, { message: 'must be an origin, like https://portal.example' })
    .refine((text) => text.startsWith('https://') || isLoopbackOrigin(text), {
      message: 'must start with https:// unless the portal is only reached from this machine',
    }),
  WATCHFOLD_LOGIN_ORIGIN: z.string().optional(),
  WATCHFOLD_GRAPH_ORIGIN: z.string().optional(),
  WATCHFOLD_SYNC_INTERVAL_SECONDS: wholeNumber(60, 1, 3600),
});

const web = shared.extend({
  NEXTAUTH_SECRET: z
    .string({ error: 'is needed: at least 32 random characters' })
    .min(32, 'must have at least 32 characters'),
  SIGN_IN_TENANT_ID: guid("the partner's own Entra tenant"),
  SIGN_IN_CLIENT_ID: guid('the single-tenant registration that signs people in'),
  SIGN_IN_CLIENT_SECRET: z.string({ error: 'is needed: the secret of the sign-in registration' }).min(1, 'is empty'),
  WATCHFOLD_SEALING_PUBLIC_KEY: readableFile('the public half of the sealing key (npm run keys:create makes one)'),
});

const worker = shared.extend({
  WATCHFOLD_SEALING_PRIVATE_KEY: readableFile('the private half of the sealing key, mode 0600'),
  WATCHFOLD_PROBE_INTERVAL_SECONDS: wholeNumber(600, 5, 86_400),
  WATCHFOLD_CALLS_PER_MINUTE: wholeNumber(50, 1, 10_000),
  WATCHFOLD_PROOF_WINDOW_SECONDS: wholeNumber(600, 5, 3_600),
  WATCHFOLD_MICROSOFT_TIMEOUT_MS: wholeNumber(30_000, 100, 120_000),
});

export interface SharedEnv {
  databaseUrl: Secret;
  cloud: Cloud;
  /** Origin of the portal as browsers see it, without a trailing slash. */
  publicUrl: string;
  syncIntervalMs: number;
}

export interface WebEnv extends SharedEnv {
  nextAuthSecret: Secret;
  signInTenantId: string;
  signInClientId: string;
  signInClientSecret: Secret;
  sealingPublicKeyFile: string;
}

export interface WorkerEnv extends SharedEnv {
  sealingPrivateKeyFile: string;
  /** How often a fresh token proves that the grant still stands. */
  probeIntervalMs: number;
  /** Microsoft's limit for one tenant; part of it is kept for people. */
  callsPerMinute: number;
  /** How long an approval is waited for while Entra replicates. */
  proofWindowMs: number;
  microsoftTimeoutMs: number;
}

type Source = Record<string, string | undefined>;

function judged<Shape extends typeof shared>(shape: Shape, source: Source): { values: z.infer<Shape>; cloud: Cloud } {
  const parsed = shape.safeParse(source);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.message}`);
  const name = CLOUD_NAMES.find((known) => known === source['WATCHFOLD_CLOUD']);
  const chosen = name
    ? cloudFrom(name, source['WATCHFOLD_PUBLIC_URL'], {
        loginOrigin: source['WATCHFOLD_LOGIN_ORIGIN'],
        graphOrigin: source['WATCHFOLD_GRAPH_ORIGIN'],
      })
    : { cloud: null, problems: [] };
  problems.push(...chosen.problems);
  if (!parsed.success || !chosen.cloud || problems.length) throw new EnvironmentError(problems);
  return { values: parsed.data, cloud: chosen.cloud };
}

function sharedFrom(values: z.infer<typeof shared>, cloud: Cloud): SharedEnv {
  return {
    databaseUrl: new Secret(values.DATABASE_URL),
    cloud,
    publicUrl: values.WATCHFOLD_PUBLIC_URL,
    syncIntervalMs: values.WATCHFOLD_SYNC_INTERVAL_SECONDS * 1000,
  };
}

/** The portal's environment; throws `EnvironmentError` with everything that is wrong. */
export function webEnvFrom(source: Source): WebEnv {
  const { values, cloud } = judged(web, source);
  return {
    ...sharedFrom(values, cloud),
    nextAuthSecret: new Secret(values.NEXTAUTH_SECRET),
    signInTenantId: values.SIGN_IN_TENANT_ID.toLowerCase(),
    signInClientId: values.SIGN_IN_CLIENT_ID.toLowerCase(),
    signInClientSecret: new Secret(values.SIGN_IN_CLIENT_SECRET),
    sealingPublicKeyFile: values.WATCHFOLD_SEALING_PUBLIC_KEY,
  };
}

/** The worker's environment; throws `EnvironmentError` with everything that is wrong. */
export function workerEnvFrom(source: Source): WorkerEnv {
  const { values, cloud } = judged(worker, source);
  return {
    ...sharedFrom(values, cloud),
    sealingPrivateKeyFile: values.WATCHFOLD_SEALING_PRIVATE_KEY,
    probeIntervalMs: values.WATCHFOLD_PROBE_INTERVAL_SECONDS * 1000,
    callsPerMinute: values.WATCHFOLD_CALLS_PER_MINUTE,
    proofWindowMs: values.WATCHFOLD_PROOF_WINDOW_SECONDS * 1000,
    microsoftTimeoutMs: values.WATCHFOLD_MICROSOFT_TIMEOUT_MS,
  };
}

/** True under `next dev`, whose own scripts need a wider content security policy. */
export const isDevelopment = process.env.NODE_ENV === 'development';

let webOnce: WebEnv | undefined;
let workerOnce: WorkerEnv | undefined;

/** This process's environment as the portal, judged at first use. */
export function webEnv(): WebEnv {
  webOnce ??= webEnvFrom(process.env);
  return webOnce;
}

/** The portal's origin as browsers see it, without a trailing slash. */
export function publicUrl(): string {
  return webEnv().publicUrl;
}

/** This process's environment as the worker, judged at first use. */
export function workerEnv(): WorkerEnv {
  workerOnce ??= workerEnvFrom(process.env);
  return workerOnce;
}
