import type { ProcessSpec } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";
import { type Place, type RealServer, startServer } from "../server.ts";
import type { PythonPackages } from "./packages.ts";

/** The folder with app.py. */
export const APP_FOLDER = import.meta.dirname;

/** Starts a server that Python runs, with the packages in sight and nothing written beside the sources. */
export const startPython = (
  run: Run,
  { path, site }: PythonPackages,
  version: string,
  spec: (place: Place) => Pick<ProcessSpec, "name" | "args">,
): Promise<RealServer> =>
  startServer(run, version, (place) => ({
    ...spec(place),
    command: path,
    env: { PYTHONPATH: site, PYTHONNOUSERSITE: "1", PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
  }));
