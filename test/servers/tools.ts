import { EnvironmentError } from "../../src/run/exit.ts";
import type { Run } from "../../src/run/run.ts";
import { APACHE } from "./apache.ts";
import { installBun } from "./bun/install.ts";
import { CADDY } from "./caddy.ts";
import { findProgram, type Program } from "./find-program.ts";
import { buildGoServer, type GoServer } from "./go/build.ts";
import { type JavaPackages, javaPackages } from "./java/packages.ts";
import { LIGHTTPD } from "./lighttpd.ts";
import { NGINX } from "./nginx.ts";
import { PUMA } from "./puma.ts";
import { type PythonPackages, pythonPackages } from "./python/packages.ts";

/** What the servers need on this machine beyond Node. Each throws MissingTool where it cannot be had. */
export interface Tools {
  apache(): Program;
  bun(): Program;
  caddy(): Program;
  go(): GoServer;
  java(): JavaPackages;
  lighttpd(): Program;
  nginx(): Program;
  puma(): Program;
  python(): PythonPackages;
}

/** A tool is not on this machine and cannot be got without the user; the message has the command that gets it. */
export class MissingTool extends Error {
  override name = "MissingTool";
}

/**
 * Finds or gets all of it, one after the other, each announced.
 * @throws EnvironmentError in CI, where a failed download must not make it green without a server
 */
export async function prepareTools(run: Run): Promise<Tools> {
  return {
    apache: await missingLater(findProgram(run, APACHE)),
    caddy: await missingLater(findProgram(run, CADDY)),
    lighttpd: await missingLater(findProgram(run, LIGHTTPD)),
    nginx: await missingLater(findProgram(run, NGINX)),
    puma: await missingLater(findProgram(run, PUMA)),
    java: await missingLater(javaPackages(run)),
    python: await missingLater(pythonPackages(run)),
    bun: await missingLater(installBun(run)),
    go: await missingLater(buildGoServer(run)),
  };
}

async function missingLater<T>(getting: Promise<T>): Promise<() => T> {
  try {
    const got = await getting;
    return () => got;
  } catch (error) {
    if (process.env.CI || !(error instanceof EnvironmentError)) throw error;
    return () => {
      throw new MissingTool(error.message);
    };
  }
}
