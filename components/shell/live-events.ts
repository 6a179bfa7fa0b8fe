/**
 * Notices from the server that something changed. One tab holds the stream for all tabs of the browser (browsers allow
 * few connections to one server), the others listen to it over a channel; when it closes, another takes over.
 */
export type LiveNotice = 'incidents' | 'freshness' | 'connection';

const EVERYTHING: LiveNotice[] = ['incidents', 'freshness', 'connection'];
const ADDRESS = '/api/v1/events';
const NAME = 'watchfold.events';
const AGAIN_MS = 10_000;

const listeners = new Set<(kind: LiveNotice) => void>();
let started = false;

function tell(kind: LiveNotice): void {
  for (const listener of listeners) listener(kind);
}

/** Resolves when the server refuses the stream: signed out, or without its database. */
function holdStream(channel: BroadcastChannel): Promise<void> {
  return new Promise((resolve) => {
    let lost = false;
    const source = new EventSource(ADDRESS);
    const pass = (kind: LiveNotice) => {
      tell(kind);
      channel.postMessage(kind);
    };
    for (const kind of EVERYTHING) source.addEventListener(kind, () => pass(kind));
    source.addEventListener('open', () => {
      // What happened meanwhile is unknown.
      if (lost) for (const kind of EVERYTHING) pass(kind);
      lost = false;
    });
    source.addEventListener('error', () => {
      lost = true;
      if (source.readyState === EventSource.CLOSED) resolve();
    });
  });
}

function start(): void {
  if (started) return;
  started = true;
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener('message', ({ data }) => {
    const kind = EVERYTHING.find((each) => each === data);
    if (kind) tell(kind);
  });
  void navigator.locks
    .request(NAME, () => holdStream(channel))
    .finally(() => {
      started = false;
      channel.close();
      setTimeout(() => {
        if (listeners.size > 0) start();
      }, AGAIN_MS);
    });
}

/** Calls `listener` for every notice from now on; answers the way to stop. */
export function onLiveNotice(listener: (kind: LiveNotice) => void): () => void {
  listeners.add(listener);
  start();
  return () => {
    listeners.delete(listener);
  };
}
