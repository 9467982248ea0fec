import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { Program, WantedProgram } from "./find-program.ts";
import { type Place, type RealServer, startServer } from "./server.ts";

/** nginx that answers by itself, its timeouts as they come or with that keepalive_timeout ("5s"). */
export const startNginx = (run: Run, { path, version }: Program, keepaliveTimeout?: string): Promise<RealServer> =>
  startServer(run, `nginx ${version}`, async (place) => {
    const file = join(place.folder, "nginx.conf");
    await writeFile(file, config(place, keepaliveTimeout ? `keepalive_timeout ${keepaliveTimeout};` : ""));
    // -e: before it has read the file it would log to a path of the whole system.
    return { name: "nginx", command: path, args: ["-p", place.folder, "-e", "stderr", "-c", file] };
  });

export const NGINX: WantedProgram = {
  binary: "nginx",
  purpose: "one of the servers that the probe is tried on",
  ask: ["-v"],
  version: /nginx\/(\d+\.\d+\.\d+)/,
  apt: "nginx",
  service: "nginx",
  mac: "brew install nginx",
  byHand: "install nginx with your package manager, and put it on PATH",
};

// Debian's nginx makes its temporary folders in /var/lib at its start, which takes root; hence the five paths.
const config = ({ port, folder }: Place, timeout: string): string => `
daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${temporaryPaths(folder)}
  ${timeout}
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "ok\\n"; }
  }
}
`;

/** What keeps nginx's temporary files in a folder of this run. */
export const temporaryPaths = (folder: string): string =>
  TEMPORARY.map((what) => `${what}_temp_path ${folder}/${what};`).join("\n  ");

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
