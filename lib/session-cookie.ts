/** The session's cookie: read by the sessions, and by the proxy to see whether there is one at all. */
export const SESSION_COOKIE = '__Host-watchfold.session';
