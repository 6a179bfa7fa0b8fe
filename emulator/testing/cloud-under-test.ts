import { onTestFinished } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../start.ts';

export const HOME_TENANT = 'aaaaaaaa-0000-4000-8000-000000000001';
export const CUSTOMER_TENANT = 'aaaaaaaa-0000-4000-8000-000000000002';
export const OTHER_TENANT = 'aaaaaaaa-0000-4000-8000-000000000003';
export const READER_APP = 'bbbbbbbb-0000-4000-8000-000000000001';
export const SIGN_IN_APP = 'bbbbbbbb-0000-4000-8000-000000000002';
export const SECRET = 'a secret+with/odd=characters';
export const CALLBACK = 'http://127.0.0.1:3999/consent/callback';
export const READ_ROLES = ['SecurityIncident.Read.All', 'SecurityAlert.Read.All'];

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged property by property
  body: any;
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  };
}

/** An emulator of its own for one test, with what the test asks of it. */
export class CloudUnderTest {
  readonly emulator: Emulator;

  constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  async control(method: string, path: string, body?: unknown): Promise<Answer> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return read(await fetch(this.emulator.controlOrigin + path, init));
  }

  async tenant(tid: string, body: Record<string, unknown> = {}): Promise<void> {
    const domain =
      tid === HOME_TENANT ? 'partner.example' : tid === CUSTOMER_TENANT ? 'customer.example' : 'other.example';
    const answer = await this.control('PUT', `/tenants/${tid}`, { domain, displayName: domain, ...body });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  async application(body: Record<string, unknown> = {}, appId = READER_APP): Promise<void> {
    const answer = await this.control('PUT', `/applications/${appId}`, {
      displayName: 'Partner Reader',
      homeTenantId: HOME_TENANT,
      requiredRoles: READ_ROLES,
      redirectUris: [CALLBACK],
      secrets: [{ value: SECRET }],
      ...body,
    });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  /** POST to the token endpoint; a field set to null is left out. */
  async token(
    tid: string,
    fields: Record<string, string | null> = {},
    path = 'oauth2/v2.0/token',
    headers = {},
  ): Promise<Answer> {
    const form = new URLSearchParams();
    const usual = {
      grant_type: 'client_credentials',
      client_id: READER_APP,
      client_secret: SECRET,
      scope: 'https://graph.microsoft.com/.default',
      ...fields,
    };
    for (const [name, value] of Object.entries(usual)) if (value !== null) form.set(name, value);
    return read(await fetch(`${this.emulator.loginOrigin}/${tid}/${path}`, { method: 'POST', body: form, headers }));
  }

  /** Walks the pages of consent as an administrator and answers where it was sent. */
  async consent(tid: string, username = 'global.admin@customer.example', decision = 'accept'): Promise<Answer> {
    const query = new URLSearchParams({
      client_id: READER_APP,
      scope: 'https://graph.microsoft.com/.default',
      redirect_uri: CALLBACK,
      state: 'a-state',
    });
    const visitor = new Visitor();
    await visitor.open(`${this.emulator.loginOrigin}/${tid}/v2.0/adminconsent?${query}`);
    const next = await visitor.submit({ username });
    return next.text.includes('Permissions requested') ? visitor.submit({ decision }) : next;
  }

  async accessToken(tid: string): Promise<string> {
    const { body, text } = await this.token(tid);
    if (!body?.access_token) throw new Error(text);
    return body.access_token;
  }

  async graph(token: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const url = path.startsWith('http') ? path : `${this.emulator.graphOrigin}/v1.0${path}`;
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
    return read(await fetch(url, { ...init, headers }));
  }
}

/** A browser without JavaScript: opens a page, fills its form, follows nothing. */
export class Visitor {
  private url = '';
  private fields = new URLSearchParams();
  private action = '';

  async open(url: string): Promise<Answer> {
    this.url = url;
    return this.take(await fetch(url, { redirect: 'manual' }));
  }

  async submit(values: Record<string, string>): Promise<Answer> {
    const body = new URLSearchParams(this.fields);
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    return this.take(await fetch(this.action, { method: 'POST', body, redirect: 'manual' }));
  }

  private async take(response: Response): Promise<Answer> {
    const answer = await read(response);
    this.fields = new URLSearchParams();
    const hidden = /<input type="hidden" name="([^"]*)" value="([^"]*)">/g;
    for (const [, name = '', value = ''] of answer.text.matchAll(hidden))
      this.fields.append(unescapeHtml(name), unescapeHtml(value));
    this.action = new URL(
      unescapeHtml(/<form method="post" action="([^"]*)"/.exec(answer.text)?.[1] ?? ''),
      this.url,
    ).href;
    return answer;
  }
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Starts on free ports and stops with the test. */
export async function startCloud(options: EmulatorOptions = {}): Promise<CloudUnderTest> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return new CloudUnderTest(emulator);
}

/** A partner, its reader application, and a customer with some incidents that has consented. */
export async function startConnected(
  customer: Record<string, unknown> = { incidents: 20 },
  application: Record<string, unknown> = {},
): Promise<{ cloud: CloudUnderTest; token: string }> {
  const cloud = await startCloud();
  await cloud.tenant(HOME_TENANT);
  await cloud.tenant(CUSTOMER_TENANT, customer);
  await cloud.application(application);
  await cloud.consent(CUSTOMER_TENANT);
  return { cloud, token: await cloud.accessToken(CUSTOMER_TENANT) };
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}
