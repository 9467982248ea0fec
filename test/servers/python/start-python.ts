import { delimiter } from "node:path";
import type { ProcessSpec } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";
import { type Place, type RealServer, startServer } from "../server.ts";
import type { PythonPackages } from "./packages.ts";
import { pinnedVersion } from "./pinned-version.ts";

/** The folder with app.py. */
export const APP_FOLDER = import.meta.dirname;

/** Starts a server that Python runs, with app.py and the packages in sight and nothing written beside the sources. */
export const startPython = (
  run: Run,
  { path, site }: PythonPackages,
  version: string,
  spec: (place: Place) => Pick<ProcessSpec, "name" | "args">,
): Promise<RealServer> =>
  startServer(run, version, (place) => ({
    ...spec(place),
    command: path,
    env: {
      PYTHONPATH: [site, APP_FOLDER].join(delimiter),
      ...{ PYTHONNOUSERSITE: "1", PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
    },
  }));

/** Starts a package of requirements.txt that runs as `python -m NAME`. */
export async function startModule(
  run: Run,
  python: PythonPackages,
  name: string,
  args: (place: Place) => readonly string[],
): Promise<RealServer> {
  const version = `${name} ${await pinnedVersion(name)} on Python ${python.version}`;
  return startPython(run, python, version, (place) => ({ name, args: ["-m", name, ...args(place)] }));
}
