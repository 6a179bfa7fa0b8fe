import fs from 'node:fs';
import path from 'node:path';
import { createTranslator } from 'next-intl';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '@/lib/locales';

interface Messages {
  [key: string]: string | Messages;
}

const FOLDER = import.meta.dirname;
const namespacesOf = (locale: string) => fs.readdirSync(path.join(FOLDER, locale)).sort();
const read = (locale: string, file: string) =>
  JSON.parse(fs.readFileSync(path.join(FOLDER, locale, file), 'utf8')) as Messages;

function textsOf(messages: Messages, prefix = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : textsOf(value, `${prefix}${key}.`),
  );
}

/** Names in braces at any depth, plural arms left out. */
function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\s*(\w+)\s*[,}]/g)].map(([, name]) => name ?? ''))].sort();
}

describe.each(LOCALES)('the messages in %s', (locale) => {
  it('have the same files, keys and placeholders as the English ones', () => {
    expect(namespacesOf(locale)).toEqual(namespacesOf('en'));
    const shape = (of: string) =>
      namespacesOf('en').flatMap((file) =>
        textsOf(read(of, file)).map(([key, text]) => `${file}:${key} ${placeholdersOf(text).join(' ')}`),
      );
    expect(shape(locale).sort()).toEqual(shape('en').sort());
  });

  it('can all be formatted', () => {
    const failures: string[] = [];
    for (const file of namespacesOf(locale)) {
      const messages = read(locale, file);
      const translate = createTranslator({
        locale,
        messages,
        onError: (error) => failures.push(`${file}: ${error.message}`),
      }) as unknown as { (key: string, values: object): string; rich: (key: string, values: object) => string };
      for (const [key, text] of textsOf(messages)) {
        const values = Object.fromEntries(placeholdersOf(text).map((name) => [name, 2]));
        const tags = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => [name, (chunks: string) => chunks]);
        const shown = String(translate.rich(key, { ...values, ...Object.fromEntries(tags) }));
        if (/[{}]/.test(shown)) failures.push(`${file}:${key} shows a brace: ${shown}`);
      }
    }
    expect(failures).toEqual([]);
  });
});
