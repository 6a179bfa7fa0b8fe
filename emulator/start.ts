import { openCloud, thaw } from './cloud.ts';
import { answerControl } from './control/control-service.ts';
import { answerGraph } from './graph/graph-service.ts';
import { listen } from './http/listen.ts';
import { answerLogin } from './login/login-service.ts';
import { startActivity } from './world/activity.ts';
import { loadWorld, seedOf, type WorldName } from './world/load-world.ts';

export interface EmulatorOptions {
  /** 0, the default here, takes any free port. */
  loginPort?: number;
  graphPort?: number;
  controlPort?: number;
  /** Where `emulator.sqlite` lives; null keeps everything in memory. */
  dataFolder?: string | null;
  world?: WorldName;
  seed?: number;
  log?: (line: string) => void;
}

export interface Emulator {
  loginOrigin: string;
  graphOrigin: string;
  controlOrigin: string;
  close(): Promise<void>;
}

/** Starts the three services on the loopback address and fills an empty state with the chosen world. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const log = options.log ?? (() => undefined);
  const login = await listen(options.loginPort ?? 0, log);
  const graph = await listen(options.graphPort ?? 0, log);
  const control = await listen(options.controlPort ?? 0, log);
  const cloud = openCloud(options.dataFolder ?? null, { login: login.origin, graph: graph.origin }, log);
  loadWorld(cloud, options.world ?? 'empty', options.seed ?? 1);
  const stopActivity = startActivity(cloud, seedOf(cloud));
  login.serve((call) => answerLogin(cloud, call));
  graph.serve((call) => answerGraph(cloud, call));
  control.serve((call) => answerControl(cloud, call));
  const stop = async () => {
    stopActivity();
    await Promise.all([login.close(), graph.close(), control.close()]);
    thaw(cloud, null);
    // A call that was under way may still write its line; let it come to its end first.
    await new Promise((resolve) => setImmediate(resolve));
    cloud.database.close();
  };
  let stopping: Promise<void> | null = null;
  return {
    loginOrigin: login.origin,
    graphOrigin: graph.origin,
    controlOrigin: control.origin,
    close() {
      stopping ??= stop();
      return stopping;
    },
  };
}
