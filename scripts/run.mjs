#!/usr/bin/env node
// Starts a command: from a fresh clone, where nothing is installed yet, so this is plain JavaScript on Node's own modules;
// and as the package's bin, dist/alb502.js, where esbuild has left out what stands behind !import.meta.inPackage.
import { closeSync, openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { fileURLToPath } from "node:url";

const COMMANDS = {
  demo: "the 502 on demand: probe a target, lose its requests on purpose, then lose none with the fix",
  probe: "when your own app's server closes idle connections, and what that means behind a load balancer",
  check: "your own app behind the simulated load balancer: would it lose requests?",
  up: "the simulated load balancer, kept up in front of your own app",
  diagnose: "an ALB's access logs: why each 5xx, and whether it is the keep-alive race",
  predict: "how many 502s a day ordinary traffic will have",
  install: `HAProxy, k6 and Toxiproxy ahead, for a CI's cache${import.meta.inPackage ? "" : "; in a clone: npm run parts"}`,
  doctor: "every part this needs: where it is, its version, how to get it if it is missing",
  build: "bundle the scenarios and the target app into dist/",
  test: "format, lint, types and all tests",
  bench: "the measurements behind docs/benchmarks.md",
  matrix: "Node 8 to 26: when each closes idle connections, what is lost before and after the fix",
  lab: "what five field reports say of the 502, as experiments to run",
};

/** For work on the project itself; the others are src/command/NAME/command.ts. */
const IN_SCRIPTS = new Set(["build", "test", "bench", "lab", "matrix"]);

const NAMES = Object.keys(COMMANDS).filter((name) => !(import.meta.inPackage && IN_SCRIPTS.has(name)));

/** As src/run/called.ts says it, which a fresh clone cannot read yet. */
const [CALLED, LIST] = import.meta.inPackage
  ? ["npx alb502 COMMAND", "npx alb502 --help"]
  : ["npm run COMMAND --", "npm run"];

/** What the system may refuse at any moment, and what to do then. */
const REFUSED = {
  EMFILE: "no file can be opened any more (EMFILE): allow this process more of them, e.g. ulimit -n 1024",
  ENFILE: "this system has no file left to open (ENFILE): end what holds many, or raise fs.file-max",
  EAGAIN: "no process can be started any more (EAGAIN): allow this user more of them, e.g. ulimit -u 1024",
};

process.exitCode = await start(process.argv.slice(2));

async function start([name, ...args]) {
  const tooOld = nodeProblem();
  if (tooOld) return refuse(tooOld);
  if (name === undefined || name === "--help" || name === "-h") {
    console.log(`usage: ${CALLED} [options]   (${CALLED} --help lists them)\n\n${listing()}${whereDocsAre()}`);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    console.log(packageJson().version);
    return 0;
  }
  if (!NAMES.includes(name)) {
    return refuse(`unknown command "${name}": expected one of ${NAMES.join(", ")}; see ${LIST}`);
  }
  const noFiles = filesProblem();
  if (noFiles) return refuse(noFiles);
  if (!import.meta.inPackage) {
    const { installPackages } = await import("./npm-packages.mjs");
    const failed = await installPackages(fileURLToPath(new URL("..", import.meta.url)));
    if (failed === 2 && process.env.GITHUB_ACTIONS === "true") {
      console.log("::error title=alb502::the npm packages could not be installed: the step's log says why");
    }
    if (failed !== null) return failed;
  }
  return run(name, args);
}

/** In this same process, so that a signal needs no forwarding. */
async function run(name, args) {
  try {
    if (!import.meta.inPackage) {
      process.env.TSX_DISABLE_CACHE ??= "1"; // otherwise tsx leaves a folder in the temp folder, to save 0.1 s
      const { register } = await import("tsx/esm/api");
      register();
    }
    const { catchFailures } = await import("../src/run/failure.ts");
    catchFailures((error) => process.exit(report(error)));
    const { main } = await load(name);
    return await main(args);
  } catch (error) {
    return report(error);
  }
}

function load(name) {
  const script = `./${name}.ts`;
  if (IN_SCRIPTS.has(name)) return import(script);
  // esbuild reads a path in this form as a pattern, and makes a file of each command that fits it.
  return import(`../src/command/${name}/command.ts`);
}

/** Errors that carry an exit code have a message for people (src/run/exit.ts); anything else is our bug, but for REFUSED. */
function report(error) {
  if (Object.hasOwn(REFUSED, error?.code)) return refuse(REFUSED[error.code]);
  if (typeof error?.exitCode !== "number") {
    console.error(error);
    return 2;
  }
  console.error(`alb502: ${error.message}`);
  return error.exitCode;
}

function refuse(message) {
  console.error(`alb502: ${message}`);
  // As src/report/github.ts does it, which needs what is not there yet.
  if (process.env.GITHUB_ACTIONS === "true") console.log(`::error title=alb502::${message.replaceAll("%", "%25")}`);
  return 2;
}

/** With too few file descriptors tsx's loader neither loads nor ends. */
function filesProblem() {
  const files = [];
  try {
    while (files.length < 64) files.push(openSync(devNull, "r"));
    return null;
  } catch ({ code, message }) {
    return REFUSED[code] ?? message;
  } finally {
    for (const file of files) closeSync(file);
  }
}

function nodeProblem() {
  const { engines } = packageJson();
  const [major, minor] = engines.node.replace(">=", "").split(".").map(Number);
  const [ours, oursMinor] = process.versions.node.split(".").map(Number);
  if (ours > major || (ours === major && oursMinor >= minor)) return null;
  return `Node ${process.versions.node} at ${process.execPath} is too old, ${major}.${minor} or newer is expected: install a current one from nodejs.org`;
}

function packageJson() {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
}

/** Help names pages, docs/start.md for one, which in a package are nowhere near where the user stands. */
function whereDocsAre() {
  return import.meta.inPackage ? `\n\ndocs/ is ${fileURLToPath(new URL("../docs/", import.meta.url))}` : "";
}

function listing() {
  return NAMES.map((name) => `  ${name.padEnd(10)}${COMMANDS[name]}`).join("\n");
}
