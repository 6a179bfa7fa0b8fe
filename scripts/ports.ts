import net from 'node:net';

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    // Without a host: a port taken on any address counts as taken.
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** The first free TCP port at or above `from`. */
export async function freePort(from: number): Promise<number> {
  for (let port = from; port <= 65535; port++) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No TCP port from ${from} up is free`);
}
