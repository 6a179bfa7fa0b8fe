import { expect, test } from 'vitest';
import { callBudget } from './budget';
import { MicrosoftError } from './errors';

function clocked(callsPerMinute: number) {
  const clock = { ms: 1_000_000 };
  return { clock, budget: callBudget(callsPerMinute, () => clock.ms) };
}

function waitOf(take: () => void): number | null {
  try {
    take();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(MicrosoftError);
    expect((error as MicrosoftError).kind).toBe('throttled');
    return (error as MicrosoftError).retryAfterMs;
  }
}

test('the background leaves a fifth of the calls to people', () => {
  const { budget } = clocked(50);
  for (let call = 0; call < 40; call++) budget.take('background');
  expect(waitOf(() => budget.take('background'))).toBe(60_000);
  expect(budget.left()).toBe(0);
  for (let call = 0; call < 10; call++) budget.take('person');
  expect(waitOf(() => budget.take('person'))).toBe(60_000);
});

test('calls come back one by one as the minute moves on', () => {
  const { budget, clock } = clocked(10);
  for (let call = 0; call < 8; call++) {
    budget.take('background');
    clock.ms += 1_000;
  }
  expect(waitOf(() => budget.take('background'))).toBe(52_000);
  clock.ms += 52_000;
  expect(budget.left()).toBe(1);
  budget.take('background');
  expect(waitOf(() => budget.take('background'))).toBe(1_000);
});

test('an hour holds half as many calls as its minutes would', () => {
  const { budget, clock } = clocked(10);
  let taken = 0;
  for (let minute = 0; minute < 60; minute++) {
    for (let call = 0; call < 8; call++) if (waitOf(() => budget.take('background')) === null) taken++;
    clock.ms += 60_000;
  }
  expect(taken).toBe(240);
});

test('nobody calls before the wait that Microsoft asked for is over', () => {
  const { budget, clock } = clocked(50);
  budget.waitAtLeast(30_000);
  budget.waitAtLeast(5_000);
  expect(waitOf(() => budget.take('person'))).toBe(30_000);
  clock.ms += 30_000;
  expect(waitOf(() => budget.take('person'))).toBeNull();
});
