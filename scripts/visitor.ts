/**
 * A person with a browser without JavaScript: keeps cookies, follows redirects, reads pages and fills in their forms. What
 * it reaches, it reaches as any person would.
 */
import { type HTMLElement, parse } from 'node-html-parser';

const REDIRECTS_MAX = 20;

type Values = Record<string, string | string[]>;

export interface Page {
  url: URL;
  status: number;
  root: HTMLElement;
  /** The page's words, white space folded. */
  text: string;
  /**
   * Submits the form that has this control, with its own values where `values` says nothing. A list replaces the ticks
   * of a group of checkboxes; `button` is the value of the button that is pressed.
   */
  submit(control: string, values: Values, button?: string): Promise<Page>;
  /** Submits the form that posts to this path. */
  submitTo(path: string, values?: Values): Promise<Page>;
}

/** What a form sends: name and value of each control that counts. */
function fieldsOf(form: HTMLElement): [string, string][] {
  return form.querySelectorAll('input, select, textarea').flatMap((control): [string, string][] => {
    const name = control.getAttribute('name');
    if (!name || control.hasAttribute('disabled')) return [];
    const value = control.getAttribute('value');
    if (control.tagName === 'TEXTAREA') return [[name, control.textContent]];
    if (control.tagName === 'SELECT') {
      const options = control.querySelectorAll('option');
      const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
      return chosen ? [[name, chosen.getAttribute('value') ?? chosen.textContent]] : [];
    }
    const type = control.getAttribute('type') ?? 'text';
    if (type === 'checkbox' || type === 'radio') return control.hasAttribute('checked') ? [[name, value ?? 'on']] : [];
    return ['submit', 'button', 'image', 'reset', 'file'].includes(type) ? [] : [[name, value ?? '']];
  });
}

function filledIn(form: HTMLElement, values: Values, button?: string): [string, string][] {
  const kept = fieldsOf(form).filter(([name]) => !(name in values));
  const given = Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const pressed = form.querySelectorAll('button').find((candidate) => candidate.getAttribute('value') === button);
  const name = button === undefined ? null : pressed?.getAttribute('name');
  if (button !== undefined && !name) throw new Error(`The form has no button "${button}"`);
  return [...kept, ...given, ...(name && button !== undefined ? [[name, button] as [string, string]] : [])];
}

const escaped = (name: string) => name.replaceAll('"', '\\"');

export class Visitor {
  readonly #languages: string;
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(language = 'en') {
    this.#languages = language;
  }

  /** Opens an address and follows where it leads. */
  open(url: string | URL): Promise<Page> {
    return this.#request(new URL(url), { method: 'GET' }, null);
  }

  #keepCookies(url: URL, response: Response): void {
    const jar = this.#cookies.get(url.hostname) ?? new Map<string, string>();
    this.#cookies.set(url.hostname, jar);
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length);
      const isGone = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
      if (isGone || (expires && Date.parse(expires) < Date.now())) jar.delete(name);
      else jar.set(name, pair.slice(pair.indexOf('=') + 1));
    }
  }

  #headers(url: URL, from: URL | null, method: string): Record<string, string> {
    const cookies = [...(this.#cookies.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`);
    return {
      accept: 'text/html',
      'accept-language': this.#languages,
      ...(cookies.length ? { cookie: cookies.join('; ') } : {}),
      ...(method === 'POST' && from ? { origin: from.origin } : {}),
      ...(from ? { 'sec-fetch-site': from.origin === url.origin ? 'same-origin' : 'cross-site' } : {}),
    };
  }

  async #request(first: URL, init: { method: string; body?: FormData | URLSearchParams }, from: URL | null) {
    let url = first;
    let { method, body } = init;
    for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: this.#headers(url, from, method),
        ...(body ? { body } : {}),
      });
      this.#keepCookies(url, response);
      const location = response.headers.get('location');
      if (!location || response.status < 300 || response.status > 399) {
        return this.#pageOf(url, response.status, await response.text());
      }
      await response.arrayBuffer();
      url = new URL(location, url);
      if (response.status !== 307 && response.status !== 308) {
        method = 'GET';
        body = undefined;
      }
    }
    throw new Error(`${first.pathname} redirects without end`);
  }

  #pageOf(url: URL, status: number, html: string): Page {
    const root = parse(html, { comment: false });
    const send = (form: HTMLElement | undefined, what: string, values: Values, button?: string) => {
      if (!form) throw new Error(`No form with ${what} on ${url.pathname} (${status}): ${this.#gist(root)}`);
      const target = new URL(form.getAttribute('action') || url, url);
      const fields = filledIn(form, values, button);
      if (form.getAttribute('method')?.toLowerCase() !== 'post') {
        target.search = new URLSearchParams(fields).toString();
        return this.#request(target, { method: 'GET' }, url);
      }
      const isMultipart = form.getAttribute('enctype')?.toLowerCase() === 'multipart/form-data';
      const body = isMultipart ? new FormData() : new URLSearchParams();
      for (const [name, value] of fields) body.append(name, value);
      return this.#request(target, { method: 'POST', body }, url);
    };
    const forms = root.querySelectorAll('form');
    return {
      url,
      status,
      root,
      text: root.textContent.replace(/\s+/g, ' ').trim(),
      submit: (control, values, button) => {
        const form = forms.find((candidate) => candidate.querySelector(`[name="${escaped(control)}"]`));
        return send(form, `a field "${control}"`, values, button);
      },
      submitTo: (path, values = {}) => {
        const form = forms.find((candidate) => new URL(candidate.getAttribute('action') || url, url).pathname === path);
        return send(form, `the address ${path}`, values);
      },
    };
  }

  #gist(root: HTMLElement): string {
    const main = root.querySelector('main, body') ?? root;
    for (const script of main.querySelectorAll('script, style')) script.remove();
    return main.textContent.replace(/\s+/g, ' ').trim().slice(0, 300);
  }
}
