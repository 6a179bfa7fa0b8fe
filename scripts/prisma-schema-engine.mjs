#!/usr/bin/env node
// Stands in for Prisma's native schema engine, which would have to be downloaded: speaks the same JSON-RPC on stdio and
// runs Prisma's official WASM build over @prisma/adapter-pg. Prisma finds it by PRISMA_SCHEMA_ENGINE_BINARY; setting
// that to a native engine takes this file out of the way. Delete it when the CLI can use the WASM engine by itself.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const require = createRequire(import.meta.url);
const args = process.argv.slice(2);
const option = (name) => args.flatMap((arg, at) => (arg === name ? [args[at + 1]] : []));
const packageFolder = path.dirname(require.resolve('@prisma/schema-engine-wasm'));

if (args.includes('--version')) {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  console.log(`schema-engine-wasm ${version.split('.').pop()}`);
  process.exit(0);
}

const databaseUrl = JSON.parse(option('--datasource')[0] ?? '{}').url ?? process.env.DATABASE_URL;

const urlOf = (database) => {
  const url = new URL(databaseUrl);
  if (database) url.pathname = `/${database}`;
  url.searchParams.delete('schema');
  return url.toString();
};
const databaseName = () => decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) || 'postgres';

async function onServer(run) {
  const client = new pg.Client(urlOf('postgres'));
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

async function runCliCommand(command) {
  try {
    if (command === 'can-connect-to-database') {
      const client = new pg.Client(urlOf());
      await client.connect();
      await client.end();
    } else if (command === 'create-database') {
      await onServer((client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(databaseName())}`));
    } else if (command === 'drop-database') {
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(databaseName())}`));
    }
    process.exit(0);
  } catch (error) {
    const DUPLICATE_DATABASE = '42P04';
    if (error.code === DUPLICATE_DATABASE) process.exit(0);
    const code = { '3D000': 'P1003', '28P01': 'P1000' }[error.code] ?? 'P1001';
    const fields = { is_panic: false, error_code: code, message: error.message };
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`);
    process.exit(1);
  }
}

if (args.includes('cli')) await runCliCommand(args[args.indexOf('cli') + 1]);

// The adapter reads PostgreSQL's one-byte "char" (oid 18), which the catalog uses, as an unknown type.
const CHAR_OID = 18;
const BPCHAR_OID = 1042;
function readingChar(adapter) {
  const { queryRaw } = adapter;
  adapter.queryRaw = async (query) => {
    const result = await adapter.performIO(query);
    const isChar = result.fields.map((field) => field.dataTypeID === CHAR_OID);
    const fields = result.fields.map((field, at) => (isChar[at] ? { ...field, dataTypeID: BPCHAR_OID } : field));
    const reader = Object.create(adapter, { performIO: { value: async () => ({ ...result, fields }) } });
    const rows = await queryRaw.call(reader, query);
    rows.columnTypes = rows.columnTypes.map((type, at) => (isChar[at] ? ColumnTypeEnum.Character : type));
    return rows;
  };
  return adapter;
}

// One pinned connection, so that the advisory lock and SET survive; whole scripts in one simple query, because the
// adapter splits on ';' and would cut function bodies.
async function open(database, afterDispose) {
  const pool = new pg.Pool({ connectionString: urlOf(database), max: 1 });
  const schema = new URL(databaseUrl).searchParams.get('schema') ?? undefined;
  const adapter = await new PrismaPg(pool, { schema }).connect();
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };
  adapter.dispose = async () => {
    await pool.end();
    await afterDispose?.();
  };
  const { startTransaction } = adapter;
  adapter.startTransaction = async (...given) => readingChar(await startTransaction.apply(adapter, given));
  return readingChar(adapter);
}

const factory = bindMigrationAwareSqlAdapterFactory({
  provider: 'postgres',
  adapterName: '@prisma/adapter-pg',
  connect: () => open(),
  connectToShadowDb: async () => {
    const shadow = `prisma_migrate_shadow_db_${randomUUID()}`;
    await onServer((client) => client.query(`CREATE DATABASE "${shadow}"`));
    return open(shadow, () => onServer((client) => client.query(`DROP DATABASE IF EXISTS "${shadow}" WITH (FORCE)`)));
  },
});

globalThis.PRISMA_WASM_PANIC_REGISTRY ??= {
  message: '',
  get() {
    return this.message;
  },
  set_message(message) {
    this.message = `RuntimeError: ${message}`;
  },
};
const wasm = readFileSync(path.join(packageFolder, 'schema_engine_bg.wasm'));
const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
bindings.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

const datamodels = option('--datamodels').map((file) => [file, readFileSync(file, 'utf8')]);
const engine = await bindings.SchemaEngine.new(
  { datamodels: datamodels.length ? datamodels : undefined },
  () => {},
  factory,
);

const PANIC_EXIT_CODE = 101;
process.on('uncaughtException', () => {
  const fields = { is_panic: true, message: globalThis.PRISMA_WASM_PANIC_REGISTRY.get() };
  process.stderr.write(`${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`);
  process.exit(PANIC_EXIT_CODE);
});

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
let printId = 0;

async function answer(method, params) {
  if (method === 'createDatabase') {
    await onServer((client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(databaseName())}`));
    return { databaseName: databaseName() };
  }
  if (method === 'getDatabaseVersion') return engine.version(params);
  if (method === 'diff') {
    const { stdout, exitCode } = await engine.diff(params);
    if (stdout != null) send({ id: `print-${++printId}`, method: 'print', params: { content: stdout } });
    return { exitCode, stdout: null };
  }
  if (typeof engine[method] !== 'function') throw new Error(`The schema engine has no method ${method}`);
  return (await engine[method](params)) ?? {};
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  const { id, method, params } = JSON.parse(line);
  if (!method) continue;
  try {
    send({ id, result: await answer(method, params) });
  } catch (error) {
    const message = String(error?.message ?? error);
    const known = error?.code ? { error_code: error.code, meta: error.meta } : {};
    send({ id, error: { code: 4466, message: 'See data.', data: { is_panic: false, message, ...known } } });
  }
}
process.exit(0);
