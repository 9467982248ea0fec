import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { Program, WantedProgram } from "./find-program.ts";
import { type RealServer, startServer } from "./server.ts";

/** Puma with that persistent_timeout, else as it comes. */
export const startPuma = (run: Run, { path, version }: Program, persistentTimeoutS: number): Promise<RealServer> =>
  startServer(run, `Puma ${version}`, async ({ port, folder }) => {
    const file = join(folder, "puma.rb");
    await writeFile(file, config(port, persistentTimeoutS));
    return { name: "Puma", command: path, args: ["--config", file] };
  });

export const PUMA: WantedProgram = {
  binary: "puma",
  purpose: "one of the servers that the probe is tried on",
  ask: ["--version"],
  version: /puma version:? (\d+\.\d+\.\d+)/i,
  apt: "puma",
  mac: "gem install puma",
  byHand: "install Ruby and Puma (gem install puma), and put it on PATH",
};

const config = (port: number, persistentTimeoutS: number): string => `
bind "tcp://127.0.0.1:${port}"
persistent_timeout ${persistentTimeoutS}
app { |_env| [200, { "content-type" => "text/plain", "content-length" => "3" }, ["ok\\n"]] }
`;
