import type { Run } from "../../src/run/run.ts";
import type { RealServer } from "../../test/servers/server.ts";
import type { Lab } from "../lab.ts";

/** A server to be started for an experiment, answering on loopback until the run's end. */
export interface LabTarget {
  /** "gunicorn gthread, --keep-alive 65" */
  title: string;
  start(run: Run, lab: Lab): Promise<RealServer>;
}
