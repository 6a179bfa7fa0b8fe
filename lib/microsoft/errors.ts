/** What went wrong between us and Microsoft, in the product's words. */

export type MicrosoftErrorKind =
  /** Our service principal is not in the tenant: never approved, not replicated yet, or removed. */
  | 'not_approved'
  /** A token or a call lacks roles. */
  | 'roles_missing'
  /** Our own secret or certificate is wrong, expired or not registered. */
  | 'bad_credential'
  | 'app_disabled'
  | 'unknown_tenant'
  /** The tenant has no active Defender XDR. */
  | 'no_defender'
  /** A token or a row belongs to another tenant than the one asked for. */
  | 'wrong_tenant'
  | 'throttled'
  | 'unreachable'
  | 'server_error'
  | 'unauthorized'
  | 'not_found'
  | 'refused'
  /** An answer that is not what the documentation says. */
  | 'unexpected';

export interface MicrosoftErrorDetails {
  retryAfterMs?: number | undefined;
  aadsts?: number | undefined;
  status?: number | undefined;
  /** Microsoft's id of the request (`request-id`, or the trace id of the login endpoint). */
  requestId?: string | undefined;
  cause?: unknown;
}

const RETRYABLE: ReadonlySet<MicrosoftErrorKind> = new Set(['throttled', 'unreachable', 'server_error']);

/** A failed exchange with Microsoft. `message` is for logs; pages show words of ours chosen by `causeCode`. */
export class MicrosoftError extends Error {
  readonly kind: MicrosoftErrorKind;
  readonly retryable: boolean;
  /** How long Microsoft (or our own budget) wants us to wait; null when nothing was said. */
  readonly retryAfterMs: number | null;
  readonly aadsts: number | null;
  readonly status: number | null;
  readonly requestId: string | null;

  constructor(kind: MicrosoftErrorKind, message: string, details: MicrosoftErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'MicrosoftError';
    this.kind = kind;
    this.retryable = RETRYABLE.has(kind);
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.aadsts = details.aadsts ?? null;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
  }
}

export function isMicrosoftError(error: unknown): error is MicrosoftError {
  return error instanceof MicrosoftError;
}

/**
 * AADSTS numbers by meaning, after Microsoft's list
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). 7000229 is today's form of 700016 for
 * multitenant applications.
 */
const KIND_OF_AADSTS: Record<number, MicrosoftErrorKind> = {
  700016: 'not_approved',
  7000229: 'not_approved',
  65001: 'not_approved',
  7000215: 'bad_credential',
  7000222: 'bad_credential',
  700027: 'bad_credential',
  7000112: 'app_disabled',
  90002: 'unknown_tenant',
  900382: 'unknown_tenant',
  900432: 'unknown_tenant',
  500011: 'no_defender',
  90033: 'server_error',
  90055: 'throttled',
  50196: 'throttled',
};

/** The kind of a login error; numbers nobody listed are refusals, because retrying them helps nobody. */
export function kindOfAadsts(aadsts: number): MicrosoftErrorKind {
  return KIND_OF_AADSTS[aadsts] ?? 'refused';
}

/** The AADSTS number in an error text, or null. */
export function aadstsOf(text: string): number | null {
  const found = /AADSTS(\d{4,8})/.exec(text)?.[1];
  return found ? Number(found) : null;
}

/** `Retry-After` as milliseconds: whole seconds or an HTTP date (RFC 9110); undefined when absent or unreadable. */
export function retryAfterMsOf(headers: Headers, nowMs = Date.now()): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // A date is measured against the server's own clock, so that ours may be wrong.
  const then = Date.parse(text);
  const sent = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(then) ? undefined : Math.max(0, then - (Number.isNaN(sent) ? nowMs : sent));
}

/** The code that the database keeps and pages translate: an AADSTS number as text, or one of our own words. */
export function causeCodeOf(error: MicrosoftError): string {
  switch (error.kind) {
    case 'not_approved':
      return 'NOT_APPROVED';
    case 'roles_missing':
      return 'ROLE_MISSING';
    case 'no_defender':
      return 'NO_DEFENDER';
    case 'wrong_tenant':
      return 'WRONG_TENANT';
    case 'throttled':
      return 'THROTTLED';
    case 'unreachable':
      return 'UNREACHABLE';
    case 'server_error':
      return 'SERVER_ERROR';
    default:
      return error.aadsts ? String(error.aadsts) : 'UNEXPECTED_ANSWER';
  }
}
