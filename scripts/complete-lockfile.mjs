// Puts back the optional packages of other platforms that npm left out of package-lock.json because the registry it
// asked does not carry them; without them `npm ci` refuses the lock, here and on those platforms. `--check` only tells.
import fs from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = {
  windows: 'win32',
  win32: 'win32',
  win: 'win32',
  darwin: 'darwin',
  linux: 'linux',
  android: 'android',
};
const OTHER_SYSTEMS = ['freebsd', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix'];
const CPUS = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32', 'arm'];

const lock = JSON.parse(fs.readFileSync(FILE, 'utf8'));

/** Where npm would look for `name` from the package at `at`, nearest first. */
function* placesOf(at, name) {
  for (let folder = at; ; ) {
    yield `${folder ? `${folder}/` : ''}node_modules/${name}`;
    if (!folder) return;
    const cut = folder.lastIndexOf('/node_modules/');
    folder = cut < 0 ? '' : folder.slice(0, cut);
  }
}

function entryFor(name, version, isDevelopment) {
  const words = name.split(/[-/]/);
  const system = words.map((word) => SYSTEMS[word] ?? OTHER_SYSTEMS.find((other) => other === word)).find(Boolean);
  const cpu = CPUS.find((known) => words.includes(known));
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(isDevelopment && { dev: true }),
    optional: true,
    ...(system && { os: [system] }),
  };
}

const missing = [];
for (const [at, description] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(description.optionalDependencies ?? {})) {
    if ([...placesOf(at, name)].some((place) => lock.packages[place])) continue;
    // A range can't be put back without asking which version it means.
    if (!/^\d/.test(version)) continue;
    missing.push(`${name}@${version}`);
    lock.packages[`node_modules/${name}`] = entryFor(name, version, description.dev === true);
  }
}

if (process.argv.includes('--check')) {
  if (missing.length > 0) {
    console.error(`package-lock.json lacks ${missing.join(', ')}: run node scripts/complete-lockfile.mjs`);
    process.exit(1);
  }
} else if (missing.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  fs.writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`Put back ${missing.length} packages of other platforms`);
}
