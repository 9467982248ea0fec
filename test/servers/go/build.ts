import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { findGo, GO_AT_LEAST } from "../../../src/parts/find-go.ts";
import { hashOf, inCache } from "../../../src/parts/in-cache.ts";
import { EnvironmentError } from "../../../src/run/exit.ts";
import { lastLines } from "../../../src/run/last-words.ts";
import { runToEnd } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";

export interface GoServer {
  path: string;
  /** Of the Go that built it. */
  version: string;
}

/**
 * main.go as a binary in the project's cache, built once per source and Go; two runs may do so side by side.
 * @throws EnvironmentError when there is no Go, or the build fails
 */
export async function buildGoServer(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<GoServer> {
  const go = await findGo(env);
  if ("problem" in go) {
    throw new EnvironmentError(
      `to build a Go server that the probe is tried on, Go ${GO_AT_LEAST} or newer is expected, but ${go.problem}: install Go (go.dev/dl)`,
    );
  }
  const build = async (folder: string) => {
    run.progress.line(
      `building a Go server, one of those that the probe is tried on, with Go ${go.version}, once (1-30 s)`,
    );
    const { code, output } = await runToEnd(go.path, ["build", "-trimpath", "-o", join(folder, BINARY), SOURCE], {
      cwd: import.meta.dirname,
      // local: main.go needs the standard library alone, which the installed Go has.
      env: {
        ...env,
        CGO_ENABLED: "0",
        GOWORK: "off",
        GOTMPDIR: await mkdtemp(join(run.folder, "go-")),
        GOTOOLCHAIN: "local",
      },
      signal: run.signal,
    });
    if (code !== 0) throw new EnvironmentError(`the Go server could not be built:${lastLines(output)}`);
  };
  const name = `go-http-server-${go.version}-${process.platform}-${process.arch}-${await hashOf(SOURCE)}`;
  return { path: join(await inCache(name, build, env), BINARY), version: go.version };
}

const SOURCE = join(import.meta.dirname, "main.go");
const BINARY = "server";
