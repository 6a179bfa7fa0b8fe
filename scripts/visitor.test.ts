import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from './visitor';

interface Seen {
  method: string | undefined;
  path: string | undefined;
  body: string;
  headers: http.IncomingHttpHeaders;
}

let server: http.Server;
let origin: string;
let seen: Seen[];
let answers: Record<string, (response: http.ServerResponse) => void>;

beforeEach(async () => {
  seen = [];
  answers = {};
  server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, path: request.url, body, headers: request.headers });
    const answer = answers[`${request.method} ${request.url}`];
    if (answer) answer(response);
    else response.end('<p>fine</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const html = (text: string) => (response: http.ServerResponse) => void response.end(text);

describe('a visitor', () => {
  it('keeps cookies, gives them back, and drops them when told to', async () => {
    answers['GET /in'] = (response) => {
      response.setHeader('set-cookie', ['__Host-a=1; Path=/; Secure; HttpOnly', 'b=two=2; Path=/']);
      response.end();
    };
    answers['GET /out'] = (response) => void response.setHeader('set-cookie', 'b=; Max-Age=0').end();
    const visitor = new Visitor('da');
    await visitor.open(`${origin}/in`);
    await visitor.open(`${origin}/out`);
    await visitor.open(`${origin}/`);
    expect(seen.map(({ headers }) => headers.cookie)).toEqual([undefined, '__Host-a=1; b=two=2', '__Host-a=1']);
    expect(seen[0]?.headers['accept-language']).toBe('da');
  });

  it('sends what a form holds and what is filled in, with the origin of its page', async () => {
    answers['GET /form'] = html(`<form method="post" action="/save">
      <input type="hidden" name="token" value="t&amp;1"><input name="name" value="old"><input name="off" disabled value="x">
      <input type="checkbox" name="roles[]" value="a" checked><input type="checkbox" name="roles[]" value="b">
      <select name="locale"><option value="en">English</option><option value="da" selected>Dansk</option></select>
      <button name="decision" value="no">No</button><button name="decision" value="yes">Yes</button></form>`);
    const page = await new Visitor().open(`${origin}/form`);
    await page.submit('name', { name: 'Ærø', 'roles[]': ['a', 'b'] }, 'yes');
    const sent = seen.at(-1);
    expect([sent?.method, sent?.path, sent?.headers.origin]).toEqual(['POST', '/save', origin]);
    expect([...new URLSearchParams(sent?.body)]).toEqual([
      ['token', 't&1'],
      ['locale', 'da'],
      ['name', 'Ærø'],
      ['roles[]', 'a'],
      ['roles[]', 'b'],
      ['decision', 'yes'],
    ]);
  });

  it('posts a form of parts to the page that it is on', async () => {
    answers['GET /new?x=1'] = html(
      '<form method="POST" action="" enctype="multipart/form-data"><input type="hidden" name="$ACTION_1:0" value="{}"><input name="domain"></form>',
    );
    const page = await new Visitor().open(`${origin}/new?x=1`);
    await page.submit('domain', { domain: 'fabrikam.dk' });
    expect(seen.at(-1)?.path).toBe('/new?x=1');
    expect(seen.at(-1)?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen.at(-1)?.body).toContain('name="$ACTION_1:0"');
  });

  it('follows a redirect after a form by reading', async () => {
    answers['GET /form'] = html('<form method="post" action="/save"><input name="a" value="1"></form>');
    answers['POST /save'] = (response) => void response.writeHead(303, { location: '/done' }).end();
    const page = await (await new Visitor().open(`${origin}/form`)).submitTo('/save');
    expect([page.url.pathname, page.text, seen.at(-1)?.method]).toEqual(['/done', 'fine', 'GET']);
  });

  it('says which form it missed, and what the page said instead', async () => {
    answers['GET /form'] = (response) => void response.writeHead(404).end('<main>This page does not exist</main>');
    const page = await new Visitor().open(`${origin}/form`);
    expect(() => page.submit('code', {})).toThrow(/No form with a field "code" on \/form \(404\): This page does not/);
  });
});
