import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest';

// React and Node report real mistakes by console.error only. A test that expects one spies again and clears the calls.
let spy: MockInstance;

beforeEach(() => {
  spy = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  const calls = [...spy.mock.calls];
  spy.mockRestore();
  expect(calls, 'console.error was called').toEqual([]);
});
