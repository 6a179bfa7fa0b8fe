import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asActor } from '@/lib/db/client';
import { addAlert, addCustomer, addIncident } from './customers';
import { createTestDatabase, type TestDatabase } from './database';
import { addUser, assign } from './people';

describe('a database of a test file', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  it('answers the data layer with what was seeded', async () => {
    const analyst = await addUser(database, { roles: ['analyst'] });
    const customer = await addCustomer(database);
    await assign(database, analyst, customer);
    const incidentId = await addIncident(database, customer, { severity: 'high' });
    await addAlert(database, customer, incidentId, { evidence: [{ kind: 'device', label: 'pc-1' }] });

    const incidents = await asActor(analyst.id, (db) =>
      db.incident.findMany({
        where: { tenantId: customer.tenantId },
        include: { alerts: { include: { evidence: true } } },
      }),
    );

    expect(incidents).toMatchObject([
      { id: incidentId, severityRank: 4, alertCount: 1, alerts: [{ evidence: [{ label: 'pc-1' }] }] },
    ]);
  });
});
