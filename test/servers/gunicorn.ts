import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { pinnedVersion } from "./python/pinned-version.ts";
import { APP_FOLDER, startPython } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** gunicorn as it comes, but for the kind of its one worker. */
export async function startGunicorn(run: Run, python: PythonPackages, worker: "sync" | "gthread"): Promise<RealServer> {
  const version = `gunicorn ${await pinnedVersion("gunicorn")} on Python ${python.version}`;
  return startPython(run, python, version, ({ port, folder }) => ({
    name: `gunicorn ${worker}`,
    args: [
      ...["-m", "gunicorn", "--bind", `127.0.0.1:${port}`, "--worker-class", worker],
      ...["--chdir", APP_FOLDER, "--worker-tmp-dir", folder],
      "--no-control-socket", // one per user otherwise, in the home folder
      "app:application",
    ],
  }));
}
