/** What a foreseen failure is, for the page or answer that shows it. */
export type AppErrorCode = 'not_found' | 'forbidden' | 'invalid' | 'conflict' | 'unavailable';

/**
 * A foreseen failure. `message` is a key of the `errors` messages (never text of Microsoft's or of the database), so it
 * is fit to show once translated; `values` fill its placeholders.
 */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly values: Record<string, string>;

  constructor(code: AppErrorCode, message: string, values: Record<string, string> = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.values = values;
  }
}

/** True for an `AppError`, of one code if given. Survives bundles that each hold their own copy of the class. */
export function isAppError(error: unknown, code?: AppErrorCode): error is AppError {
  return error instanceof Error && error.name === 'AppError' && (!code || (error as AppError).code === code);
}
