export interface Counts {
  passed: number;
  failed: number;
}

/** A suite that left no result has failed, however it ended. */
export const NOTHING_RAN: Counts = { passed: 0, failed: 1 };

export function sumOf(counts: Counts[]): Counts {
  return counts.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** The last line of a run; nothing passed is no success either. */
export function concludeWith({ passed, failed }: Counts): void {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
