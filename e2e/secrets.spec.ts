import { filesThatHoldASecret, tablesThatHoldASecret } from './support/leaks.ts';
import { expect, test } from './support/world.ts';

test('after all journeys no bundle, no log and no row of the database holds a secret in the clear', async ({
  world,
}) => {
  expect(filesThatHoldASecret()).toEqual([]);
  expect(await tablesThatHoldASecret(world)).toEqual([]);
});
