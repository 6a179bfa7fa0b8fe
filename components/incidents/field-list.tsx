import { EscapedText } from '@/components/ui/escaped-text';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };

const DEPTH_MAX = 8;

interface Leaf {
  path: string;
  value: string;
}

function leavesOf(value: Json, path: string, depth: number): Leaf[] {
  if (value === null || typeof value !== 'object') return [{ path, value: value === null ? 'null' : String(value) }];
  if (depth >= DEPTH_MAX) return [{ path, value: JSON.stringify(value) }];
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ path, value: '[]' }];
    return value.flatMap((each, index) => leavesOf(each, `${path}[${index}]`, depth + 1));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return [{ path, value: '{}' }];
  return entries.flatMap(([key, each]) => leavesOf(each ?? null, path ? `${path}.${key}` : key, depth + 1));
}

/** Every field of a record, nested ones by their path: nothing that Microsoft sent is left out. */
export function FieldList({ fields }: { fields: unknown }) {
  return (
    <dl className="divide-y divide-line border-line border-y font-mono text-meta">
      {leavesOf(fields as Json, '', 0).map(({ path, value }) => (
        <div key={path} className="grid gap-x-3 py-0.5 card:grid-cols-[16rem_1fr]">
          <dt className="break-all text-muted">
            <EscapedText text={path} />
          </dt>
          <dd className="min-w-0 break-all">
            <EscapedText text={value} lines />
          </dd>
        </div>
      ))}
    </dl>
  );
}
