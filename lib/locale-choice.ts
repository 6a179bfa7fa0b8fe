/** Where a chosen language is kept between requests. */
export const LOCALE_COOKIE = 'watchfold.locale';
/** Set by the proxy for this request alone, from `?lang=` of a public page. */
export const LOCALE_HEADER = 'x-watchfold-locale';
