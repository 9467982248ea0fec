import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { pinnedVersion } from "./python/pinned-version.ts";
import { APP_FOLDER, startPython } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** uWSGI behind its own HTTP router, as it comes but for these arguments. */
export async function startUwsgi(run: Run, python: PythonPackages, ...args: readonly string[]): Promise<RealServer> {
  const version = `uWSGI ${await pinnedVersion("pyuwsgi")} on Python ${python.version}`;
  return startPython(run, python, version, ({ port }) => ({
    name: "uWSGI",
    args: [
      ...[join(python.site, "bin/uwsgi"), "--http", `127.0.0.1:${port}`, ...args],
      ...["--master", "--need-app", "--wsgi-file", join(APP_FOLDER, "app.py")],
    ],
  }));
}
