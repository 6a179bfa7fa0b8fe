import { CONSENT_MINUTES } from './commands';

/** Ties the way back from Microsoft to the browser that set out. */
export const CONSENT_COOKIE = '__Host-watchfold.consent';

export const CONSENT_COOKIE_OPTIONS = {
  httpOnly: true,
  sameSite: 'lax',
  path: '/',
  secure: true,
  maxAge: CONSENT_MINUTES * 60,
} as const;
