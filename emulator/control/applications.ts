import { X509Certificate } from 'node:crypto';
import type { Cloud } from '../cloud.ts';
import { type Application, digestSecret, findApplication, saveApplication } from '../state/applications.ts';
import { isGuid } from '../state/tenants.ts';
import { allowOnly, ControlFailure, objects, readBody, text, texts } from './reading.ts';

/** An application as it may be shown: credentials are counted, never told. */
export function showApplication({ secrets, certificates, ...rest }: Application): Record<string, unknown> {
  const expiries = secrets.map((secret) => (secret.expiresAtMs === null ? null : new Date(secret.expiresAtMs)));
  return { ...rest, secrets: expiries.map((expires) => ({ expires })), certificates: certificates.length };
}

/** Creates or changes a registration; what is not named stays as it is, a list that is named is replaced. */
export function putApplication(cloud: Cloud, appId: string, body: string): Record<string, unknown> {
  if (!isGuid(appId)) throw new ControlFailure(400, 'The application id is not a GUID.');
  const asked = readBody(body);
  allowOnly(asked, [
    'displayName',
    'homeTenantId',
    'signInAudience',
    'requiredRoles',
    'redirectUris',
    'secrets',
    'certificates',
  ]);
  const known = findApplication(cloud.database, appId);
  const signInAudience = text(asked, 'signInAudience', known?.signInAudience ?? 'AzureADMultipleOrgs');
  if (signInAudience !== 'AzureADMyOrg' && signInAudience !== 'AzureADMultipleOrgs') {
    throw new ControlFailure(400, 'signInAudience must be AzureADMyOrg or AzureADMultipleOrgs.');
  }
  const homeTenantId = text(asked, 'homeTenantId', known?.homeTenantId ?? '').toLowerCase();
  if (!isGuid(homeTenantId)) throw new ControlFailure(400, 'homeTenantId must be a GUID.');
  const application: Application = {
    appId: appId.toLowerCase(),
    displayName: text(asked, 'displayName', known?.displayName ?? 'Unnamed application'),
    homeTenantId,
    signInAudience,
    requiredRoles: texts(asked, 'requiredRoles', known?.requiredRoles ?? []),
    redirectUris: texts(asked, 'redirectUris', known?.redirectUris ?? []),
    secrets: objects(asked, 'secrets')?.map(readSecret) ?? known?.secrets ?? [],
    certificates: texts(asked, 'certificates', known?.certificates ?? []).map(readCertificate),
  };
  saveApplication(cloud.database, application);
  return showApplication(application);
}

function readSecret(secret: Record<string, unknown>) {
  const value = text(secret, 'value', '');
  const expires = secret['expires'] === undefined ? null : Date.parse(text(secret, 'expires', ''));
  if (value === '' || Number.isNaN(expires))
    throw new ControlFailure(400, 'A secret needs a value and, if any, a valid expires.');
  return { sha256: digestSecret(value), expiresAtMs: expires };
}

function readCertificate(pem: string): string {
  try {
    return new X509Certificate(pem).toString();
  } catch {
    throw new ControlFailure(400, 'certificates must be PEM certificates.');
  }
}
