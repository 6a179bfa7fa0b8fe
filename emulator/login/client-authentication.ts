import { createHash, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../http/exchange.ts';
import { type Application, findApplication, matchSecret } from '../state/applications.ts';
import type { Tenant } from '../state/tenants.ts';
import { applicationNotFound, type EntraFailure, fail, parameterMissing } from './entra-error.ts';
import type { ClientProof } from './tokens.ts';

interface ClientCredentials {
  clientId: string;
  secret: string | null;
  assertion: string | null;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** From the form or from Basic, whose two parts are each form-encoded (RFC 6749 section 2.3.1). */
export function readCredentials(call: Call, form: URLSearchParams): ClientCredentials {
  const basic = /^Basic (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (basic) {
    const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    const decode = (part: string) => new URLSearchParams(`v=${part}`).get('v') ?? '';
    return { clientId: decode(id).toLowerCase(), secret: decode(secret.join(':')), assertion: null };
  }
  const clientId = form.get('client_id');
  if (!clientId) throw parameterMissing('client_id');
  const assertion = form.get('client_assertion_type') === ASSERTION_TYPE ? form.get('client_assertion') : null;
  return { clientId: clientId.toLowerCase(), secret: form.get('client_secret'), assertion };
}

/** The registered application a request speaks for, as far as this tenant may know it. */
export function requireApplication(cloud: Cloud, tenant: Tenant, clientId: string): Application {
  const application = findApplication(cloud.database, clientId);
  const foreign = application?.signInAudience === 'AzureADMyOrg' && application.homeTenantId !== tenant.tid;
  if (!application || foreign) throw applicationNotFound(clientId, tenant.displayName);
  return application;
}

export async function proveClient(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  credentials: ClientCredentials,
  call: Call,
): Promise<ClientProof> {
  if (credentials.assertion !== null) {
    await proveAssertion(cloud, tenant, application, credentials.assertion, call);
    return 'certificate';
  }
  if (credentials.secret === null || credentials.secret === '') {
    throw fail(
      7000218,
      'invalid_client',
      401,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const verdict = matchSecret(application, credentials.secret, Date.now());
  if (verdict === 'wrong') {
    throw fail(
      7000215,
      'invalid_client',
      401,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.appId}'.`,
    );
  }
  if (verdict === 'expired') {
    throw fail(
      7000222,
      'invalid_client',
      401,
      `The provided client secret keys for app '${application.appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    );
  }
  return 'secret';
}

function assertionRefused(reason: string): EntraFailure {
  return fail(
    700027,
    'invalid_client',
    401,
    `The certificate with identifier used to sign the client assertion is not registered on application. ${reason}`,
  );
}

async function proveAssertion(
  cloud: Cloud,
  tenant: Tenant,
  application: Application,
  assertion: string,
  call: Call,
): Promise<void> {
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(assertion);
  } catch {
    throw fail(50027, 'invalid_request', 400, 'JWT token is invalid or malformed.');
  }
  const certificate = application.certificates
    .map((pem) => new X509Certificate(pem))
    .find((candidate) => {
      const digest = (algorithm: string) => createHash(algorithm).update(candidate.raw).digest('base64url');
      return header['x5t#S256'] === digest('sha256') || (header.x5t !== undefined && header.x5t === digest('sha1'));
    });
  if (!certificate) throw assertionRefused('[Reason - The key was not found.]');
  if (Date.parse(certificate.validTo) < Date.now()) throw assertionRefused('[Reason - The key used is expired.]');
  const suffix = call.url.pathname.split('/').slice(2).join('/');
  try {
    await jwtVerify(assertion, certificate.publicKey, {
      algorithms: ['PS256', 'RS256'],
      issuer: application.appId,
      subject: application.appId,
      audience: [`${cloud.loginOrigin}${call.url.pathname}`, `${cloud.loginOrigin}/${tenant.tid}/${suffix}`],
      // Entra allows five minutes of clock difference; MSAL rounds `nbf` into the future.
      clockTolerance: 300,
      requiredClaims: ['exp', 'jti'],
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_JWT_EXPIRED') {
      throw fail(700024, 'invalid_client', 401, 'Client assertion is not within its valid time range.');
    }
    if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
      throw fail(700023, 'invalid_client', 401, 'Client assertion audience claim does not match Realm issuer.');
    }
    throw assertionRefused('[Reason - The key was found, but use of the key to verify the signature failed.]');
  }
}
