import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Call, json, type Reply, readCall } from './exchange.ts';

interface Listener {
  origin: string;
  serve(respond: (call: Call) => Promise<Reply> | Reply): void;
  close(): Promise<void>;
}

/** Listens on the loopback address only; port 0 takes any free one. */
export async function listen(port: number, log: (line: string) => void): Promise<Listener> {
  // msal-node never retries a network error, and a server that closes idle sockets early provokes one.
  const server = createServer({ keepAliveTimeout: 70_000, requestTimeout: 0 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, serve: (respond) => serve(server, origin, respond, log), close: () => close(server) };
}

function serve(
  server: Server,
  origin: string,
  respond: (call: Call) => Promise<Reply> | Reply,
  log: (line: string) => void,
): void {
  server.on('request', (request, response) => {
    const answer = async () => deliver(response, await respond(await readCall(request, origin)));
    answer().catch((error: unknown) => {
      // What a call still wanted when the server went away concerns nobody.
      if (!server.listening) return;
      log(`${request.method} ${request.url?.split('?')[0]}: ${error instanceof Error ? error.stack : String(error)}`);
      if (!response.headersSent)
        deliver(response, json(500, { error: { code: 'EmulatorDefect', message: 'See log' } }));
      else response.destroy();
    });
  });
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

function deliver(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  const half = body.subarray(0, Math.floor(body.length / 2));
  const promised = reply.delivery === 'wrong-content-length' ? body.length + 64 : body.length;
  const headers = { ...reply.headers, 'content-length': String(promised) };
  if (reply.delivery === 'stall') return;
  if (reply.delivery === 'reset-before-headers') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, headers);
  if (reply.delivery === 'reset-mid-body') response.write(half, () => response.socket?.resetAndDestroy());
  else if (reply.delivery === 'wrong-content-length') response.write(body, () => response.socket?.end());
  else if (reply.delivery === 'slow-drip') drip(response, body);
  else response.end(body);
}

function drip(response: ServerResponse, body: Buffer): void {
  const step = Math.max(1, Math.ceil(body.length / 20));
  let sent = 0;
  const timer = setInterval(() => {
    if (response.destroyed) return clearInterval(timer);
    response.write(body.subarray(sent, sent + step));
    sent += step;
    if (sent >= body.length) {
      clearInterval(timer);
      response.end();
    }
  }, 250);
  timer.unref();
}
