import type { Run } from "../../src/run/run.ts";
import type { PythonPackages } from "./python/packages.ts";
import { startModule } from "./python/start-python.ts";
import type { RealServer } from "./server.ts";

/** gunicorn as it comes, but for the kind of its one worker and what `args` say. */
export const startGunicorn = (
  run: Run,
  python: PythonPackages,
  worker: "sync" | "gthread",
  args: readonly string[] = [],
): Promise<RealServer> =>
  startModule(run, python, "gunicorn", ({ port, folder }) => [
    ...["--bind", `127.0.0.1:${port}`, "--worker-class", worker, "--worker-tmp-dir", folder],
    "--no-control-socket", // one per user otherwise, in the home folder
    ...args,
    "app:application",
  ]);
