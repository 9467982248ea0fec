import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { startModule } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** hypercorn as it comes. */
export const startHypercorn = (run: Run, python: PythonPackages): Promise<RealServer> =>
  startModule(run, python, "hypercorn", ({ port }) => ["--bind", `127.0.0.1:${port}`, "app:asgi"]);
