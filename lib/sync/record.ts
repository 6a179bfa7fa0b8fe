import { withoutMembers } from '@/lib/microsoft/json-slices';
import type { Unstorable } from './storable';

/** Why a record is kept apart, whole, rather than in its table. */
export interface Rejection {
  reason: 'SHAPE' | 'TIMESTAMP' | 'WRONG_TENANT' | 'REFUSED_BY_DATABASE' | Unstorable;
  /** Microsoft's id, when the record has one that can be written down. */
  recordId: string | null;
  /** The record's own text. */
  raw: string;
}

const ALERT_MEMBERS = new Set(['alerts', 'alerts@odata.context', 'alerts@odata.nextLink', 'alerts@odata.count']);

/** An incident's text, the same whether it came with its alerts or not. */
export function withoutAlerts(text: string): string {
  return withoutMembers(text, ALERT_MEMBERS);
}

/** Longer ids would not fit an index. */
export const ID_LENGTH_MAX = 512;

const RANKS: Record<string, number> = { high: 4, medium: 3, low: 2, informational: 1 };

/** For sorting, highest first; a severity nobody knows yet comes last and keeps its name. */
export function severityRank(severity: string): number {
  return Object.hasOwn(RANKS, severity) ? (RANKS[severity] ?? 0) : 0;
}

const INT4_MAX = 2_147_483_647;

/** A whole number that fits the column; null for anything else (the raw record keeps it). */
export function smallInteger(value: number | null | undefined): number | null {
  if (value === null || value === undefined || !Number.isFinite(value)) return null;
  const whole = Math.round(value);
  return Math.abs(whole) <= INT4_MAX ? whole : null;
}
