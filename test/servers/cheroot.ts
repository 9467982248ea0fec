import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { startModule } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** cheroot, CherryPy's server, as it comes. */
export const startCheroot = (run: Run, python: PythonPackages): Promise<RealServer> =>
  startModule(run, python, "cheroot", ({ port }) => ["--bind", `127.0.0.1:${port}`, "app:application"]);
