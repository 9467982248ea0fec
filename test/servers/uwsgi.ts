import { join } from "node:path";
import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { pinnedVersion } from "./python/pinned-version.ts";
import { APP_FOLDER, startPython } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** uWSGI behind its own HTTP router, with that form of `--http-keepalive` or without it, else as it comes. */
export async function startUwsgi(
  run: Run,
  python: PythonPackages,
  httpKeepalive?: `--http-keepalive${"" | `=${number}`}`,
): Promise<RealServer> {
  const version = `uWSGI ${await pinnedVersion("pyuwsgi")} on Python ${python.version}`;
  return startPython(run, python, version, ({ port }) => ({
    name: "uWSGI",
    args: [
      ...[join(python.site, "bin/uwsgi"), "--http", `127.0.0.1:${port}`, ...(httpKeepalive ? [httpKeepalive] : [])],
      ...["--master", "--need-app", "--wsgi-file", join(APP_FOLDER, "app.py")],
    ],
  }));
}
