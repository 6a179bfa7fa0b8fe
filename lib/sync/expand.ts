/**
 * Whether a tenant's incidents are asked for together with their alerts. On some tenants `$expand=alerts` fails for good
 * (elastic/integrations issue 18144), and a reader that insists stands still for ever.
 */

const REST_MS = 30 * 60_000;
const FAILURES_MAX = 2;

export interface ExpandMemory {
  mayTry(tenantId: string): boolean;
  succeeded(tenantId: string): void;
  failed(tenantId: string): void;
}

/** After two failures in a row a tenant's lists come without alerts for half an hour. */
export function expandMemory(nowMs: () => number = () => performance.now()): ExpandMemory {
  const failures = new Map<string, { count: number; restUntilMs: number }>();
  return {
    mayTry: (tenantId) => (failures.get(tenantId)?.restUntilMs ?? 0) <= nowMs(),
    succeeded: (tenantId) => {
      failures.delete(tenantId);
    },
    failed: (tenantId) => {
      const count = (failures.get(tenantId)?.count ?? 0) + 1;
      failures.set(tenantId, { count, restUntilMs: count >= FAILURES_MAX ? nowMs() + REST_MS : 0 });
    },
  };
}
