import type { JourneyPlace } from '../../scripts/journeys.ts';

/** The running product, as the command that started it tells; journeys never start or end it themselves. */
export function runningStack(): JourneyPlace {
  const told = process.env['WATCHFOLD_JOURNEYS'];
  if (!told) throw new Error('The journeys need a running product: npm run test:journeys');
  return JSON.parse(told) as JourneyPlace;
}
