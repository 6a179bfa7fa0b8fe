import type { Cloud } from '@/lib/cloud';
import { isGuid } from '@/lib/guid';
import { aadstsOf, kindOfAadsts, MicrosoftError } from './errors';
import { openIdSchema } from './schemas';
import { commonFailure, type Transport } from './transport';

export interface ResolvedTenant {
  entraTenantId: string;
  /** As Entra names the cloud, like `microsoftonline.com`; null when it does not say. */
  cloudInstance: string | null;
}

const NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/**
 * The tenant of a verified domain or tenant id, from its OpenID document, which names it in `issuer` and needs no
 * sign-in (https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc). Throws `unknown_tenant`.
 */
export async function resolveTenant(
  cloud: Cloud,
  transport: Transport,
  domainOrTenantId: string,
): Promise<ResolvedTenant> {
  const asked = domainOrTenantId.trim().toLowerCase();
  if (!isGuid(asked) && !NAME.test(asked)) {
    throw new MicrosoftError('unknown_tenant', 'Neither a domain nor a tenant id', { aadsts: 90002 });
  }
  const url = `${cloud.loginOrigin}/${encodeURIComponent(asked)}/v2.0/.well-known/openid-configuration`;
  const answer = await transport({ method: 'GET', url });
  const failure = commonFailure(answer);
  if (failure) throw failure;
  if (answer.status !== 200) {
    const aadsts = aadstsOf(answer.text) ?? undefined;
    const kind = aadsts ? kindOfAadsts(aadsts) : answer.status === 404 ? 'unknown_tenant' : 'refused';
    throw new MicrosoftError(kind, `The OpenID document was answered with ${answer.status}`, {
      status: answer.status,
      aadsts,
    });
  }
  const document = openIdSchema.safeParse(jsonOf(answer.text));
  const issuer = document.success ? URL.parse(document.data.issuer) : null;
  const [entraTenantId] = issuer?.pathname.split('/').filter(Boolean) ?? [];
  if (!document.success || !entraTenantId || !isGuid(entraTenantId)) {
    throw new MicrosoftError('unexpected', 'The OpenID document names no tenant');
  }
  if (isGuid(asked) && entraTenantId.toLowerCase() !== asked) {
    throw new MicrosoftError('wrong_tenant', 'The OpenID document names another tenant');
  }
  return { entraTenantId: entraTenantId.toLowerCase(), cloudInstance: document.data.cloud_instance_name ?? null };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
