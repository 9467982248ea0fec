import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { startModule } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** waitress with `--channel-timeout=10`, else as it comes. */
export const startWaitress = (run: Run, python: PythonPackages): Promise<RealServer> =>
  startModule(run, python, "waitress", ({ port }) => [
    `--listen=127.0.0.1:${port}`,
    "--channel-timeout=10",
    "app:application",
  ]);
