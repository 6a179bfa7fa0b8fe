/** What code that speaks to Microsoft needs, opened once per worker. */
import type { Cloud } from '@/lib/cloud';
import type { CredentialVault, OpenedCredential } from '@/lib/credentials/vault';
import { type CallBudget, type Caller, callBudget } from '@/lib/microsoft/budget';
import { type GraphSession, graphSession } from '@/lib/microsoft/graph';
import { type TokenSource, tokenSource } from '@/lib/microsoft/tokens';
import { type Transport, transportTo } from '@/lib/microsoft/transport';

export interface Reach {
  cloud: Cloud;
  transport: Transport;
  tokens: TokenSource;
  vault: CredentialVault;
  /** One budget per tenant, whoever draws on it. */
  budgetOf(entraTenantId: string): CallBudget;
  graph(entraTenantId: string, credential: OpenedCredential, caller: Caller, signal?: AbortSignal): GraphSession;
}

/** Opens the way to one cloud. Tokens, budgets and opened credentials live in this object alone. */
export function openReach(options: {
  cloud: Cloud;
  vault: CredentialVault;
  callsPerMinute: number;
  timeoutMs: number;
}): Reach {
  const { cloud, vault } = options;
  const transport = transportTo(cloud, options.timeoutMs);
  const tokens = tokenSource(cloud, transport);
  const budgets = new Map<string, CallBudget>();
  const budgetOf = (entraTenantId: string) => {
    const known = budgets.get(entraTenantId);
    if (known) return known;
    const fresh = callBudget(options.callsPerMinute);
    budgets.set(entraTenantId, fresh);
    return fresh;
  };
  return {
    cloud,
    transport,
    tokens,
    vault,
    budgetOf,
    graph: (entraTenantId, credential, caller, signal) => {
      const budget = budgetOf(entraTenantId);
      return graphSession({ cloud, transport, tokens, budget, caller, entraTenantId, credential, signal });
    },
  };
}
