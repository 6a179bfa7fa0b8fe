/** Ends everything that a command started, last first and once, however the command ends. */
import process from 'node:process';

interface Stoppable {
  stop(): Promise<void>;
}

export class Teardown {
  readonly #started: Promise<Stoppable>[] = [];
  #ending: Promise<void> | null = null;

  /** Remembers something from the moment its start begins, so that an end in between does not leave it behind. */
  async start<T extends Stoppable>(begin: () => Promise<T> | T): Promise<T> {
    if (this.#ending) throw new Error('Ending: nothing new is started');
    const starting = Promise.resolve().then(begin);
    this.#started.push(starting);
    return starting;
  }

  get isEnding(): boolean {
    return this.#ending !== null;
  }

  /** Stops all in reverse order; a second call waits for the first. */
  end(): Promise<void> {
    this.#ending ??= this.#stopAll();
    return this.#ending;
  }

  async #stopAll(): Promise<void> {
    for (const starting of this.#started.toReversed()) {
      try {
        await (await starting).stop();
      } catch {
        // What failed to start, or is gone already, needs no stopping; the rest still does.
      }
    }
  }

  /** Ends all and leaves the process on Ctrl-C, SIGTERM, a closed terminal, or the end of the parent (bootstrap.mjs). */
  endOnSignals(): void {
    const leave = (code: number) => {
      if (!this.#ending && code !== 0) process.stderr.write('\nEnding …\n');
      void this.end().finally(() => process.exit(code));
    };
    for (const [signal, number] of [
      ['SIGINT', 2],
      ['SIGTERM', 15],
      ['SIGHUP', 1],
    ] as const) {
      process.on(signal, () => leave(128 + number));
    }
    if (process.channel) {
      process.once('disconnect', () => leave(1));
      process.channel.unref();
    }
  }
}
