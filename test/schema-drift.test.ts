import { expect, inject, it } from 'vitest';
import { schemaDrift } from '@/scripts/schema-drift';

it('has migrations that lead to exactly the tables of the Prisma schema', () => {
  expect(schemaDrift(inject('postgres').adminUrl)).toBe(null);
});
