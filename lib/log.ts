import pino from 'pino';

/**
 * Structured logs on stdout. Redaction is a net under the rule that nothing secret is passed here in the first place.
 */
export const log = pino({
  name: 'watchfold',
  redact: {
    paths: ['*.authorization', '*.cookie', '*.password', '*.secret', '*.token', '*.accessToken', '*.jwe', '*.url'],
    censor: '[redacted]',
  },
});
