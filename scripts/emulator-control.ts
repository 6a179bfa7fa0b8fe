/** The strings behind the stage of the emulator: what only the one who starts it may do. */

export interface EmulatedUser {
  userPrincipalName: string;
  displayName: string;
  roles: string[];
}

export interface EmulatedTenant {
  tid: string;
  domain: string;
  displayName: string;
  /** What the tenant is there to show. */
  story: string;
  users: EmulatedUser[];
}

export interface EmulatedApplication {
  appId: string;
  displayName: string;
  homeTenantId: string;
  signInAudience: string;
}

export interface EmulatorState {
  tenants: EmulatedTenant[];
  applications: EmulatedApplication[];
}

export interface EmulatorControl {
  state(): Promise<EmulatorState>;
  putApplication(appId: string, change: object): Promise<void>;
  putTenant(tenantId: string, change: object): Promise<void>;
  changeScenario(tenantId: string, change: object): Promise<void>;
  /** What a customer does who deletes the enterprise application. */
  revoke(tenantId: string, appId: string): Promise<void>;
  /** Spoils answers from now on, until the faults are cleared. */
  addFault(fault: object): Promise<void>;
  clearFaults(): Promise<void>;
  /** Makes new incidents visible now; answers their ids. */
  addIncidents(tenantId: string, wish: object): Promise<string[]>;
}

/** Speaks to the control origin; throws with the emulator's own words when it refuses. */
export function controlOf(origin: string): EmulatorControl {
  const ask = async (method: string, pathname: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${origin}${pathname}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`The emulator refused ${method} ${pathname}: ${String(answer['error'])}`);
    return answer;
  };
  return {
    state: async () => (await ask('GET', '/state')) as unknown as EmulatorState,
    putApplication: async (appId, change) => void (await ask('PUT', `/applications/${appId}`, change)),
    putTenant: async (tenantId, change) => void (await ask('PUT', `/tenants/${tenantId}`, change)),
    changeScenario: async (tenantId, change) => void (await ask('PATCH', `/tenants/${tenantId}/scenario`, change)),
    revoke: async (tenantId, appId) => void (await ask('DELETE', `/tenants/${tenantId}/service-principals/${appId}`)),
    addFault: async (fault) => void (await ask('POST', '/faults', fault)),
    clearFaults: async () => void (await ask('DELETE', '/faults')),
    addIncidents: async (tenantId, wish) =>
      (await ask('POST', `/tenants/${tenantId}/incidents`, wish))['ids'] as string[],
  };
}
