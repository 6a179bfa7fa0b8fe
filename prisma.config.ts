import path from 'node:path';
import { defineConfig } from 'prisma/config';

// The stock CLI downloads a native engine; ours is the official WASM build behind the same interface (see the file).
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= path.join(import.meta.dirname, 'scripts/prisma-schema-engine.mjs');
process.env['CHECKPOINT_DISABLE'] ??= '1';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // `generate` needs no database, and the commands that do say so themselves when the address leads nowhere.
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://127.0.0.1:1/none' },
});
