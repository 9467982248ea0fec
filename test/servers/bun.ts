import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { Program } from "./find-program.ts";
import { type RealServer, startServer } from "./server.ts";

/** Bun.serve without any option that has to do with time. */
export const startBun = (run: Run, { path, version }: Program): Promise<RealServer> =>
  startServer(run, `Bun ${version}`, ({ port, folder }) => ({
    name: "Bun.serve",
    command: path,
    args: ["--no-install", join(import.meta.dirname, "bun/serve.mjs"), String(port)],
    env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: folder }, // its cache would be in the home folder
  }));
