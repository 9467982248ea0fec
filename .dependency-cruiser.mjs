// The architecture as a rule, which `npm test` holds every import to, `import type` included; docs/architecture.md has
// the why. A room imports from those below it, never from one above.
const ROOMS = [
  "test", // mirrors src/, and looks into every room
  "scripts", // run.mjs starts every command; build, test and bench are here
  "bench", // the measurements of docs/benchmarks.md
  "lab", // the field reports as experiments, for bench too
  "test/servers", // real servers as they come out of the box, for tests and measurements
  "src/api", // what test suites import: check and probe as functions
  "src/command", // the commands: options, a run, its result, what is told
  "src/report", // a result in, text out: HTML, picture, JUnit, GitHub; what --out keeps
  "src/diagnose", // an ALB's access log in, causes out
  "src/model", // how often ordinary traffic loses a request
  "src/verdict", // judgements and intervals
  "src/aim", // k6, fired at the instant in which the target closes
  "src/alb-log", // the ALB's access log, read and written
  "src/probe", // idle connections, watched until they close
  "src/app", // the user's own app and commands: started, waited for, stopped
  "src/evidence", // the logs and packets of a run, and the fate of each request
  "src/stage", // the simulator, started: native or in containers
  "src/cli", // what options and their values may be
  "src/advice", // servers, LB profiles and what to do, in words
  "src/parts", // HAProxy, k6 and Toxiproxy: found, installed or built
  "scenarios", // what runs inside k6
  "target-app", // the Express app that the requests are aimed at
  "src/record", // the words that everybody speaks: types and schemas, no behaviour
  "src/run", // one run of a command: its signal, progress and errors
];

const NEVER = [
  {
    name: "nothing imports in a circle",
    from: {},
    to: { circular: true },
  },
  {
    name: "every file of src/ is in a room",
    from: {},
    to: { path: "^src/", pathNot: inside(ROOMS) },
  },
  {
    // test/scenarios/types-only.test.ts: of those only types.
    name: "scenarios/ knows of src/ what is in record/",
    from: { path: "^scenarios/" },
    to: { path: "^(src|target-app)/", pathNot: "^src/record/" },
  },
  {
    name: "scenarios/lib runs without k6",
    from: { path: "^scenarios/lib/" },
    // Its modules, the types that stand for them in node_modules, and what is built on it.
    to: { path: "(^|/)k6(/|$)" },
  },
  {
    name: "target-app/ knows of src/ the errors",
    from: { path: "^target-app/" },
    to: { path: "^src/", pathNot: "^src/run/exit.ts$" },
  },
  {
    name: "simulator/ holds data, no code",
    from: {},
    to: { path: "^simulator/.*[.](ts|mjs|js)$" },
  },
];

const UPWARD = ROOMS.map((room, floor) => ({
  name: `${room}/ imports nothing from above`,
  from: { path: inside([room]) },
  to: { path: inside(ROOMS.slice(0, floor)), pathNot: inside(ROOMS.slice(floor)) },
})).slice(1);

export default {
  forbidden: [...NEVER, ...UPWARD].map((rule) => ({ ...rule, severity: "error" })),
  options: {
    parser: "swc", // dependency-cruiser reads TypeScript with TypeScript's own API, which version 7 no longer has
    doNotFollow: { path: "node_modules" },
  },
};

/** A path's beginning: in one of these folders. */
function inside(folders) {
  return `^(${folders.join("|")})/`;
}
