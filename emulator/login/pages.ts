import type { Reply } from '../http/exchange.ts';
import type { Application } from '../state/applications.ts';
import type { Tenant, TenantUser } from '../state/tenants.ts';
import { resourceOfRole } from './resources.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;background:#eef1f4;color:#1b1b1b;margin:0}
main{max-width:34rem;margin:6vh auto;background:#fff;padding:2rem 2.5rem;border-top:4px solid #0f6cbd}
h1{font-size:1.4rem;margin:0 0 .25rem}.note{color:#50565c;font-size:.85rem}
fieldset{border:1px solid #c8ccd0;padding:.75rem 1rem}label{display:block;padding:.3rem 0}
button{font:inherit;padding:.5rem 1.4rem;margin:1rem .5rem 0 0;border:1px solid #0f6cbd;background:#0f6cbd;color:#fff}
button.plain{background:#fff;color:#0f6cbd}.error{border-left:4px solid #b10e1c;padding-left:.75rem}
input[type=text]{font:inherit;width:100%;box-sizing:border-box;padding:.4rem}`;

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function page(status: number, title: string, main: string, script = ''): Reply {
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head><body><main>
<p class="note">Emulated Microsoft sign-in. This is not Microsoft; no password is asked for.</p>
${main}</main>${script}</body></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store, no-cache',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  };
  return { status, headers, body };
}

function hidden(fields: URLSearchParams): string {
  return [...fields]
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
}

/** Radios for a known tenant; a text field where the account decides the tenant. */
export function signInPage(
  tenant: Tenant | null,
  application: Application,
  fields: URLSearchParams,
  refusal: string | null,
): Reply {
  const hint = fields.get('login_hint')?.toLowerCase() ?? null;
  const radio = (user: TenantUser) => {
    const name = escapeHtml(user.userPrincipalName);
    const checked = user.userPrincipalName.toLowerCase() === hint ? ' checked' : '';
    return `<label><input type="radio" name="username" value="${name}" required${checked}> ${name}</label>
<p class="note">${escapeHtml([user.displayName, ...user.roles].join(' · '))}</p>`;
  };
  const choice = tenant
    ? `<fieldset><legend>Account</legend>${tenant.users.map(radio).join('')}</fieldset>`
    : `<label>Account <input type="text" name="username" value="${escapeHtml(hint ?? '')}" required></label>`;
  const place = tenant ? `${tenant.displayName} (${tenant.domain})` : 'any organization';
  return page(
    refusal === null ? 200 : 400,
    'Emulated Microsoft sign-in',
    `<h1>Emulated Microsoft sign-in</h1>
<p>Sign in at <strong>${escapeHtml(place)}</strong> to continue to <strong>${escapeHtml(application.displayName)}</strong>.</p>
${refusal === null ? '' : `<p class="error" role="alert">${escapeHtml(refusal)}</p>`}
<form method="post">${hidden(fields)}<input type="hidden" name="step" value="sign-in">
${choice}<button type="submit">Next</button></form>`,
  );
}

export function consentPage(
  tenant: Tenant,
  application: Application,
  user: TenantUser,
  fields: URLSearchParams,
  forOrganization: boolean,
): Reply {
  const permission = (role: string) => {
    const resource = resourceOfRole(role);
    const text = resource?.roles[role] ?? role;
    return `<li>${escapeHtml(text)} <span class="note">${escapeHtml(resource?.displayName ?? 'Unknown API')}: ${escapeHtml(role)}</span></li>`;
  };
  const items = ['<li>Sign in and read user profile <span class="note">Microsoft Graph: User.Read</span></li>'];
  if (forOrganization) items.unshift(...application.requiredRoles.map(permission));
  const scope = forOrganization
    ? 'If you accept, this app will get access to the specified resources for all users in your organization.'
    : 'This app would like to:';
  return page(
    200,
    'Permissions requested - Emulated Microsoft sign-in',
    `<p class="note">${escapeHtml(user.userPrincipalName)}</p><h1>Permissions requested</h1>
<p>Review for your organization: <strong>${escapeHtml(tenant.displayName)}</strong></p>
<p><strong>${escapeHtml(application.displayName)}</strong><br><span class="note">unverified</span></p>
<p>${scope}</p><ul>${items.join('')}</ul>
<form method="post">${hidden(fields)}<input type="hidden" name="step" value="consent">
<input type="hidden" name="username" value="${escapeHtml(user.userPrincipalName)}">
<button type="submit" name="decision" value="cancel" class="plain">Cancel</button>
<button type="submit" name="decision" value="accept">Accept</button></form>`,
  );
}

/** AADSTS90094: a dead end by design. Microsoft never sends a non-administrator back to the application. */
export function approvalNeededPage(application: Application, user: TenantUser): Reply {
  return page(
    200,
    'Need admin approval - Emulated Microsoft sign-in',
    `<p class="note">${escapeHtml(user.userPrincipalName)}</p><h1>Need admin approval</h1>
<p><strong>${escapeHtml(application.displayName)}</strong><br><span class="note">unverified</span></p>
<p>${escapeHtml(application.displayName)} needs permission to access resources in your organization that only an admin can
grant. Please ask an admin to grant permission to this app before you can use it.</p><p class="note">AADSTS90094</p>`,
  );
}

export function errorPage(description: string): Reply {
  return page(
    400,
    'Sign in to your account',
    `<h1>Sorry, but we’re having trouble signing you in.</h1><p class="error" role="alert">${escapeHtml(description)}</p>`,
  );
}

export function signedOutPage(): Reply {
  return page(
    200,
    'Sign out',
    '<h1>You signed out of your account</h1><p>It is a good idea to close all browser windows.</p>',
  );
}

/** `response_mode=form_post`: posts itself, with a button for those without JavaScript. */
export function formPostPage(redirectUri: string, parameters: URLSearchParams): Reply {
  return page(
    200,
    'Working...',
    `<form method="post" action="${escapeHtml(redirectUri)}">${hidden(parameters)}<button type="submit">Continue</button></form>`,
    '<script>document.forms[0].submit()</script>',
  );
}
