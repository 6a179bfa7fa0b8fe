import type { Database } from './database.ts';

export function readSetting(database: Database, name: string): string | null {
  const row = database.one('SELECT value FROM settings WHERE name = ?', name);
  return row ? String(row['value']) : null;
}

export function writeSetting(database: Database, name: string, value: string): void {
  database.run('INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', name, value);
}
