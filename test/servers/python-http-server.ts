import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { startPython } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** `python -m http.server` on an empty folder. */
export const startPythonHttpServer = (run: Run, python: PythonPackages): Promise<RealServer> =>
  startPython(run, python, `Python ${python.version}`, ({ port, folder }) => ({
    name: "python -m http.server",
    args: ["-m", "http.server", String(port), "--bind", "127.0.0.1", "--directory", folder],
  }));
