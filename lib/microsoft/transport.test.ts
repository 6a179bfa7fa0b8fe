import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cloudFrom } from '@/lib/cloud';
import { MicrosoftError } from './errors';
import { transportTo } from './transport';

async function serving(answer: http.RequestListener, timeoutMs = 2_000) {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { cloud } = cloudFrom('custom', 'http://localhost:3000', { loginOrigin: origin, graphOrigin: origin });
  if (!cloud) throw new Error('no cloud');
  const send = transportTo(cloud, timeoutMs);
  return { origin, send: (url: string, signal?: AbortSignal) => send({ method: 'GET', url, signal }) };
}

async function failureOf(promise: Promise<unknown>): Promise<MicrosoftError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MicrosoftError);
  return error as MicrosoftError;
}

test('nothing is sent to an origin that is not the cloud’s', async () => {
  let calls = 0;
  const { send } = await serving((_request, response) => response.end(String(calls++)));
  const failure = await failureOf(send('http://graph.attacker.example/v1.0/security/incidents'));
  expect(failure.kind).toBe('unexpected');
  expect(calls).toBe(0);
});

test('a redirect is an error and is not followed', async () => {
  const asked: string[] = [];
  const { origin, send } = await serving((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect((await failureOf(send(`${origin}/here`))).kind).toBe('unexpected');
  expect(asked).toEqual(['/here']);
});

test('an answer that never comes ends with the time limit, and is not asked for again', async () => {
  let calls = 0;
  const { origin, send } = await serving(() => {
    calls++;
  }, 100);
  expect((await failureOf(send(`${origin}/slow`))).kind).toBe('unreachable');
  expect(calls).toBe(1);
});

test('a body that stops half way ends with the time limit', async () => {
  const { origin, send } = await serving((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"value":[');
  }, 100);
  expect((await failureOf(send(`${origin}/drip`))).kind).toBe('unreachable');
});

test('a connection that breaks is tried once more', async () => {
  let calls = 0;
  const { origin, send } = await serving((request, response) => {
    calls++;
    if (calls === 1) request.socket.destroy();
    else response.end('second');
  });
  expect((await send(`${origin}/x`)).text).toBe('second');
});

test('a connection that keeps breaking is unreachable', async () => {
  let calls = 0;
  const { origin, send } = await serving((request) => {
    calls++;
    request.socket.destroy();
  });
  expect((await failureOf(send(`${origin}/x`))).kind).toBe('unreachable');
  expect(calls).toBe(2);
});

test('every request carries an id of its own for Microsoft’s support', async () => {
  const ids = new Set<unknown>();
  const { origin, send } = await serving((request, response) => {
    ids.add(request.headers['client-request-id']);
    response.end();
  });
  await send(`${origin}/a`);
  await send(`${origin}/b`);
  expect(ids.size).toBe(2);
  expect(ids).not.toContain(undefined);
});

test('a worker that ends does not wait for answers', async () => {
  const ending = new AbortController();
  const { origin, send } = await serving(() => ending.abort(new Error('ending')), 60_000);
  await expect(send(`${origin}/x`, ending.signal)).rejects.toThrow('ending');
});
