/** Finds, by what they hold, the incidents, alerts and errors among recorded answers of Microsoft Graph and Entra. */
import fs from 'node:fs';
import path from 'node:path';
import { type SourceNode, sourceNodeOf } from './source-nodes';

export type Wire = Record<string, unknown>;

/** One object of a file; `name` tells it in a test's title. */
export interface Sample {
  name: string;
  node: SourceNode;
  wire: Wire;
}

/** An error body with the status that it came with. */
export interface RecordedError extends Sample {
  status: number;
}

export interface Payloads {
  incidents: Sample[];
  alerts: Sample[];
  /** Lists of incidents or alerts, as answered. */
  pages: Sample[];
  graphErrors: RecordedError[];
  entraErrors: RecordedError[];
}

const hasTexts = (wire: Wire, ...names: string[]) => names.every((name) => typeof wire[name] === 'string');
const isIncident = (wire: Wire) => hasTexts(wire, 'id', 'displayName', 'createdDateTime', 'status');
const isAlert = (wire: Wire) => hasTexts(wire, 'id', 'title', 'severity', 'status', 'createdDateTime');
const isError = ({ error }: Wire) =>
  typeof error === 'object' && error !== null && hasTexts(error as Wire, 'code', 'message');

function statusIn(file: string): number | null {
  const found = /\.(\d{3})\.json$/.exec(file)?.[1];
  return found ? Number(found) : null;
}

/** The whole file, or each of its lines; none when it is not JSON. */
function nodesIn(source: string): SourceNode[] {
  try {
    return [sourceNodeOf(source)];
  } catch {
    return source.split('\n').flatMap((line) => {
      try {
        return line.trim() === '' ? [] : [sourceNodeOf(line)];
      } catch {
        return [];
      }
    });
  }
}

function collect(node: SourceNode, file: string, statusAbove: number | null, found: Payloads): void {
  for (const element of node.elements) collect(element, file, statusAbove, found);
  if (node.members.length === 0) return;
  const wire = node.value as Wire;
  const status = typeof wire['status'] === 'number' ? wire['status'] : statusAbove;
  const sample = { name: `${file} ${String(wire['id'] ?? status ?? '')}`.trim(), node, wire };
  if (isIncident(wire)) found.incidents.push(sample);
  else if (isAlert(wire)) found.alerts.push(sample);
  else if (status !== null && isError(wire)) found.graphErrors.push({ ...sample, status });
  else if (status !== null && hasTexts(wire, 'error', 'error_description')) {
    found.entraErrors.push({ ...sample, status });
  }
  const list = wire['value'];
  if (Array.isArray(list) && list.some((entry: Wire | null) => entry && (isIncident(entry) || isAlert(entry)))) {
    found.pages.push(sample);
  }
  for (const member of node.members) collect(member.node, file, status, found);
}

/** Everything of these kinds in the folder and below it; other files and objects are passed over. */
export function payloadsIn(folder: string): Payloads {
  const found: Payloads = { incidents: [], alerts: [], pages: [], graphErrors: [], entraErrors: [] };
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names.filter((file) => /\.(json|ndjson|resp|log|txt)$/.test(file))) {
    const source = fs.readFileSync(path.join(folder, name), 'utf8');
    for (const node of nodesIn(source)) collect(node, name, statusIn(name), found);
  }
  return found;
}
