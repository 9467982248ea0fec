import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { Program, WantedProgram } from "./find-program.ts";
import { type RealServer, startServer } from "./server.ts";

/** Caddy that answers by itself, with that idle timeout ("5s"). */
export const startCaddy = (run: Run, { path, version }: Program, idle: string): Promise<RealServer> =>
  startServer(run, `Caddy ${version}`, async ({ port, folder }) => {
    const file = join(folder, "Caddyfile");
    await writeFile(file, config(port, idle));
    const args = ["run", "--adapter", "caddyfile", "--config", file];
    return { name: "Caddy", command: path, args, env: caddyEnvironment(folder) };
  });

/** What keeps Caddy's own files in a folder of this run. */
export const caddyEnvironment = (folder: string) => ({
  HOME: folder,
  XDG_CONFIG_HOME: folder,
  XDG_DATA_HOME: folder,
});

export const CADDY: WantedProgram = {
  binary: "caddy",
  purpose: "one of the servers that the probe is tried on",
  ask: ["version"],
  env: { STEPPATH: tmpdir() }, // whatever it is asked, a library of it makes ~/.step where there is none
  version: /^v?(\d+\.\d+\.\d+)/m,
  apt: "caddy",
  service: "caddy",
  mac: "brew install caddy",
  byHand: "install Caddy with your package manager, and put it on PATH",
};

const config = (port: number, idle: string): string => `
{
  admin off
  servers {
    timeouts {
      idle ${idle}
    }
  }
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  respond "ok"
}
`;
