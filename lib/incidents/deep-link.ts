/**
 * The address of an incident or alert in Defender's portal, opened in the customer's tenant; null unless what Microsoft
 * sent leads over https to one of the cloud's own portals. The text comes with the incident and is not to be trusted.
 */
export function defenderLink(
  webUrl: string | null,
  portalHosts: readonly string[],
  entraTenantId: string,
): string | null {
  const url = webUrl ? URL.parse(webUrl) : null;
  if (url?.protocol !== 'https:' || url.port || url.username || url.password) return null;
  if (!portalHosts.includes(url.hostname)) return null;
  url.searchParams.set('tid', entraTenantId);
  return url.toString();
}
