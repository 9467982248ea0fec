import { startGunicorn } from "../../test/servers/gunicorn.ts";
import { pythonPackages } from "../../test/servers/python/packages.ts";
import { startUwsgi } from "../../test/servers/uwsgi.ts";
import type { Lab } from "../lab.ts";
import type { LabTarget } from "./target.ts";

/** gunicorn as it comes, with these arguments besides. */
export const gunicorn = (title: string, worker: "sync" | "gthread", ...args: string[]): LabTarget => ({
  title,
  start: async (run, lab) => startGunicorn(run, await python(lab), worker, args),
});

/** uWSGI behind its own HTTP router, with these arguments besides. */
export const uwsgi = (title: string, ...args: string[]): LabTarget => ({
  title,
  start: async (run, lab) => startUwsgi(run, await python(lab), ...args),
});

const python = (lab: Lab) => lab.once("python", pythonPackages);
