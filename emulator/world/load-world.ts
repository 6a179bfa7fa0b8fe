import type { Cloud } from '../cloud.ts';
import { Random } from '../random.ts';
import { saveApplication } from '../state/applications.ts';
import { readSetting, writeSetting } from '../state/settings.ts';
import { saveTenant, type Tenant } from '../state/tenants.ts';
import { demoWorld } from './demo.ts';
import { generateHistory } from './generator.ts';

export type WorldName = 'demo' | 'empty';

export function seedOf(cloud: Cloud): number {
  return Number(readSetting(cloud.database, 'seed') ?? 1);
}

/** Fills an empty state; one that was filled before goes on as it stands. */
export function loadWorld(cloud: Cloud, name: WorldName, seed: number): void {
  if (readSetting(cloud.database, 'world') !== null) return;
  cloud.database.transaction(() => {
    writeSetting(cloud.database, 'world', name);
    writeSetting(cloud.database, 'seed', String(seed));
    if (name === 'empty') return;
    const world = demoWorld();
    for (const application of world.applications) saveApplication(cloud.database, application);
    for (const { tenant, incidents } of world.tenants) addTenant(cloud, seed, tenant, incidents);
  });
}

export function addTenant(cloud: Cloud, seed: number, tenant: Tenant, incidents: number): void {
  // Every tenant counts from somewhere else, so that an id alone never tells whose it is; some ids will collide.
  saveTenant(cloud.database, tenant, new Random(seed, 'first incident', tenant.tid).int(20, 4_000));
  generateHistory(cloud.database, seed, tenant, incidents);
}
