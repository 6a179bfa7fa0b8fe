/** One violation each, and the words by which it must be caught. */
import type { SourceFile } from './source';

const file = (path: string, source: string): SourceFile => ({ path, source });

export const PLANTED: { what: string; files: SourceFile[]; caught: RegExp }[] = [
  {
    what: 'a loose file that imports a domain',
    files: [file('lib/clock.ts', `import { recordAudit } from '@/lib/audit/events';`)],
    caught: /lib may not import lib\/audit/,
  },
  {
    what: 'the data layer that imports a domain',
    files: [file('lib/db/client.ts', `import { can } from '../access/permissions';`)],
    caught: /lib\/db may not import lib\/access/,
  },
  {
    what: 'the Microsoft layer that imports the data layer',
    files: [file('lib/microsoft/graph.ts', `import { asWorker } from '@/lib/db/client';`)],
    caught: /lib\/microsoft may not import lib\/db/,
  },
  {
    what: 'a domain that imports a later one',
    files: [file('lib/access/scope.ts', `import { listIncidents } from '@/lib/incidents/queries';`)],
    caught: /lib\/access may not import lib\/incidents/,
  },
  {
    what: 'a domain of the portal that speaks to Microsoft',
    files: [file('lib/customers/commands.ts', `import { resolveTenant } from '@/lib/microsoft/openid';`)],
    caught: /lib\/customers may not import lib\/microsoft/,
  },
  {
    what: 'a page that imports the data layer',
    files: [file('app/(portal)/incidents/page.tsx', `import { asActor } from '@/lib/db/client';`)],
    caught: /app may not import lib\/db/,
  },
  {
    what: 'a page that imports the data layer when it is needed',
    files: [file('app/page.tsx', `const db = await import('@/lib/db/client');`)],
    caught: /app may not import lib\/db/,
  },
  {
    what: 'a page that re-exports from Microsoft',
    files: [file('app/page.tsx', `export { graph } from '../lib/microsoft/graph';`)],
    caught: /app may not import lib\/microsoft/,
  },
  {
    what: 'a component that imports code of a domain',
    files: [file('components/incidents/row.tsx', `import { listIncidents } from '@/lib/incidents/queries';`)],
    caught: /components may not import lib\/incidents/,
  },
  {
    what: 'the emulator that imports ours',
    files: [file('emulator/graph/filter.ts', `import { ticksOf } from '../../lib/ticks.ts';`)],
    caught: /emulator may not import lib\/ticks/,
  },
  {
    what: 'a test of the emulator that imports ours',
    files: [file('emulator/graph/filter.test.ts', `import { ticksOf } from '@/lib/ticks';`)],
    caught: /emulator may not import lib\/ticks/,
  },
  {
    what: 'the worker that imports the portal',
    files: [file('worker/main.ts', `import { page } from '@/app/page';`)],
    caught: /worker may not import app/,
  },
  {
    what: 'a journey that reaches past its support',
    files: [file('e2e/journey.spec.ts', `import { startStack } from '../scripts/stack';`)],
    caught: /e2e may not import scripts\/stack/,
  },
  { what: 'an unknown top-level folder', files: [file('shared/x.ts', 'export {};')], caught: /unknown folder/ },
  { what: 'an unknown domain', files: [file('lib/misc/x.ts', 'export {};')], caught: /unknown folder/ },
  {
    what: 'a chain from a page to code that speaks to Microsoft',
    files: [
      file('app/page.tsx', `import { check } from '@/lib/connections/commands';`),
      file('lib/connections/commands.ts', `import { prove } from './proof';`),
      file('lib/connections/proof.ts', `import { token } from '@/lib/microsoft/tokens';`),
      file('lib/microsoft/tokens.ts', 'export const token = 1;'),
    ],
    caught: /the portal loads app\/page\.tsx → .*proof\.ts → lib\/microsoft\/tokens\.ts/,
  },
  {
    what: 'a chain from a route to the code that opens a secret',
    files: [
      file('app/api/x/route.ts', `import '@/lib/credentials/open';`),
      file('lib/credentials/open.ts', 'export const open = 1;'),
    ],
    caught: /the portal loads app\/api\/x\/route\.ts → lib\/credentials\/open\.ts/,
  },
  {
    what: 'Prisma outside the data layer',
    files: [file('lib/incidents/queries.ts', `import type { Prisma } from '@prisma/client';`)],
    caught: /@prisma\/client belongs to others/,
  },
  {
    what: 'the generated client outside the data layer',
    files: [file('lib/incidents/queries.ts', `import { Prisma } from '@/lib/db/generated/client';`)],
    caught: /generated Prisma client belongs to lib\/db/,
  },
  {
    what: 'MSAL outside lib/microsoft',
    files: [file('lib/sync/run.ts', `import { ConfidentialClientApplication } from '@azure/msal-node';`)],
    caught: /@azure\/msal-node belongs to others/,
  },
  {
    what: "jose's opening half outside lib/credentials",
    files: [file('lib/sync/run.ts', `import { compactDecrypt } from 'jose';`)],
    caught: /only lib\/credentials\/open\.ts may open a secret/,
  },
  {
    what: 'all of jose under one name outside lib/credentials',
    files: [file('app/page.tsx', `import * as jose from 'jose';`)],
    caught: /only lib\/credentials\/open\.ts may open a secret/,
  },
  {
    what: 'next-auth in a domain',
    files: [file('lib/customers/queries.ts', `import { getServerSession } from 'next-auth';`)],
    caught: /next-auth belongs to others/,
  },
  {
    what: 'next in a domain',
    files: [file('lib/incidents/queries.ts', `import { cookies } from 'next/headers';`)],
    caught: /next\/headers belongs to others/,
  },
  {
    what: 'a bare database connection in a domain',
    files: [file('lib/incidents/queries.ts', `import pg from 'pg';`)],
    caught: /pg belongs to others/,
  },
  {
    what: 'the environment read in a domain',
    files: [file('lib/sync/run.ts', `const interval = process.env['INTERVAL'];`)],
    caught: /process\.env is read in/,
  },
  {
    what: 'a server action outside actions.ts',
    files: [file('app/page.tsx', `async function save() {\n  'use server';\n}`)],
    caught: /'use server' belongs/,
  },
  {
    what: 'a setting that outlives its transaction',
    files: [file('lib/db/client.ts', `await tx.$executeRaw\`SELECT set_config('app.actor_id', \${id}, false)\`;`)],
    caught: /outlives its transaction/,
  },
  {
    what: 'markup from a string',
    files: [file('components/ui/x.tsx', '<p dangerouslySetInnerHTML={{ __html: title }} />')],
    caught: /text nodes only/,
  },
  {
    what: 'an unsafe raw query',
    files: [file('lib/incidents/queries.ts', 'db.$queryRawUnsafe(text)')],
    caught: /stacked statements/,
  },
  {
    what: 'a hand-made cipher',
    files: [file('lib/credentials/seal.ts', `createCipheriv('aes-256-gcm', key, iv)`)],
    caught: /standard format/,
  },
  {
    what: 'an HTTP call of a domain of its own',
    files: [file('lib/customers/commands.ts', 'await fetch(address)')],
    caught: /only lib\/microsoft speaks/,
  },
  { what: 'a drawer', files: [file('lib/utils.ts', 'export {};')], caught: /a drawer/ },
  {
    what: 'a file past the limit',
    files: [file('lib/clock.ts', 'const x = 1;\n'.repeat(402))],
    caught: /split it before 400/,
  },
];
