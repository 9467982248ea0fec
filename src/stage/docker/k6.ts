import { chmodSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Run } from "../../run/run.ts";
import type { K6Place } from "../stage.ts";
import { DOCKER, docker, PIDS } from "./docker.ts";
import { OWNER_LABEL } from "./sweep.ts";
import type { DockerScene, Up } from "./up.ts";

/** k6 as the service of a stage's own Compose project. */
export const stageK6 = ({ engine }: DockerScene, { command, project, subnet, results }: Up): K6Place => ({
  command: DOCKER,
  line: (k6Args, variables) => ({
    args: [
      ...[...command.args, "run", "--rm", "--no-deps", "--no-TTY", "--name", `${project}-k6`],
      ...asOptions(variables),
      ...["k6", ...k6Args],
    ],
    env: command.env,
  }),
  fileOf,
  dashboard: dashboardIn(results),
  lbUrl: "http://lb:8080",
  harness: { listenOn: engine.sharesNetwork ? subnet.gateway : "127.0.0.1", seenAs: "host.docker.internal" },
});

/** k6 in a container of its own, for a standing LB. On plain Linux it shares this machine's network. */
export function standaloneK6(
  run: Run,
  { engine, facts, bundles, owner }: DockerScene,
  trusted: string | null,
): K6Place {
  const container = `${basename(run.folder).toLowerCase()}-k6`;
  const results = join(run.folder, "k6-results");
  mkdirSync(results, { recursive: true });
  chmodSync(results, 0o777); // in its container k6 is a user that this machine does not know
  const remove = ["rm", "--force", container];
  // Even if its client had to be killed: the engine does not notice that.
  run.defer(
    async () => void (await docker(remove)),
    () => [{ what: `container ${container}`, command: `docker ${remove.join(" ")}` }],
  );
  return {
    command: DOCKER,
    line: (k6Args, variables) => ({
      args: [
        ...["run", "--rm", "--init", "--name", container, "--label", `${OWNER_LABEL}=${owner}`],
        ...["--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--memory=512m", PIDS],
        ...["--volume", `${bundles}:/scenarios:ro`, "--volume", `${results}:/results`],
        ...(trusted === null ? [] : ["--volume", `${trusted}:/trusted.pem:ro`, "--env", "SSL_CERT_FILE=/trusted.pem"]),
        ...(engine.sharesNetwork ? ["--network=host"] : []),
        ...asOptions({ K6_NO_USAGE_REPORT: "true", K6_AUTO_EXTENSION_RESOLUTION: "false", ...variables }),
        ...[facts.images.k6, ...k6Args],
      ],
      env: {},
    }),
    fileOf,
    dashboard: dashboardIn(results),
    lbUrl: null,
    harness: { listenOn: "127.0.0.1", seenAs: engine.sharesNetwork ? "127.0.0.1" : "host.docker.internal" },
  };
}

const asOptions = (variables: Record<string, string>): string[] =>
  Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);

const fileOf = (bundle: string): string => `/scenarios/${basename(bundle)}`;

const dashboardIn = (results: string): K6Place["dashboard"] => ({
  file: join(results, "dashboard.html"),
  seenAs: "/results/dashboard.html",
});
