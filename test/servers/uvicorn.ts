import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { startModule } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** uvicorn as it comes. */
export const startUvicorn = (run: Run, python: PythonPackages): Promise<RealServer> =>
  startModule(run, python, "uvicorn", ({ port }) => ["--host", "127.0.0.1", "--port", String(port), "app:asgi"]);
