import { type EmulatorOptions, startEmulator } from './start.ts';

const log = (line: string) => process.stderr.write(`${line}\n`);

function readOptions(environment: NodeJS.ProcessEnv): EmulatorOptions | string[] {
  const wrong: string[] = [];
  const wholeNumber = (name: string, otherwise: number, largest: number) => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    if (/^\d+$/.test(text) && Number(text) <= largest) return Number(text);
    wrong.push(`${name} must be a whole number from 0 to ${largest}, not "${text}".`);
    return otherwise;
  };
  const world = environment['EMULATOR_WORLD'] || 'demo';
  if (world !== 'demo' && world !== 'empty') wrong.push(`EMULATOR_WORLD must be demo or empty, not "${world}".`);
  const options: EmulatorOptions = {
    loginPort: wholeNumber('EMULATOR_LOGIN_PORT', 4080, 65_535),
    graphPort: wholeNumber('EMULATOR_GRAPH_PORT', 4081, 65_535),
    controlPort: wholeNumber('EMULATOR_CONTROL_PORT', 4082, 65_535),
    seed: wholeNumber('EMULATOR_SEED', 1, 2_147_483_647),
    dataFolder: environment['EMULATOR_DATA'] || null,
    world: world === 'empty' ? 'empty' : 'demo',
    log,
  };
  return wrong.length > 0 ? wrong : options;
}

const options = readOptions(process.env);
if (Array.isArray(options)) {
  for (const line of options) log(line);
  process.exit(1);
}

try {
  const emulator = await startEmulator(options);
  const stop = () => {
    // Nothing that hangs may keep a laptop's terminal waiting.
    setTimeout(() => process.exit(0), 800).unref();
    void emulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { loginOrigin: login, graphOrigin: graph, controlOrigin: control } = emulator;
  process.stdout.write(`${JSON.stringify({ ready: true, login, graph, control })}\n`);
} catch (error) {
  log(`The emulator could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
