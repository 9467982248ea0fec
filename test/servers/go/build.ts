import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../../src/parts/cache.ts";
import { findGo, GO_AT_LEAST } from "../../../src/parts/find-go.ts";
import { UsageError } from "../../../src/run/exit.ts";
import { lastLines } from "../../../src/run/last-words.ts";
import { isExecutable } from "../../../src/run/on-path.ts";
import { runToEnd } from "../../../src/run/process.ts";
import type { Run } from "../../../src/run/run.ts";

export interface GoServer {
  path: string;
  /** Of the Go that built it. */
  version: string;
}

/**
 * main.go as a binary in the project's cache, built once per source and Go; two runs may do so side by side.
 * @throws UsageError when there is no Go, or the build fails
 */
export async function buildGoServer(run: Run, env: NodeJS.ProcessEnv = process.env): Promise<GoServer> {
  const go = await findGo(env);
  if ("problem" in go) {
    throw new UsageError(
      `to build a Go server that the probe is tried on, Go ${GO_AT_LEAST} or newer is expected, but ${go.problem}: install Go (go.dev/dl)`,
    );
  }
  const hash = createHash("sha256")
    .update(await readFile(SOURCE))
    .digest("hex")
    .slice(0, 12);
  const path = join(cacheFolder(env), `go-server-${go.version}-${process.platform}-${process.arch}-${hash}`);
  if (await isExecutable(path)) return { path, version: go.version };
  run.progress.line(
    `building a Go server, one of those that the probe is tried on, with Go ${go.version}, once (1-30 s)`,
  );
  await mkdir(cacheFolder(env), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(env), "building-go-server-"));
  try {
    const binary = join(folder, "server");
    const { code, output } = await runToEnd(go.path, ["build", "-trimpath", "-o", binary, SOURCE], {
      cwd: import.meta.dirname,
      // local: main.go needs the standard library alone, which the installed Go has.
      env: { ...env, CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: folder, GOTOOLCHAIN: "local" },
      signal: run.signal,
    });
    if (code !== 0) throw new UsageError(`the Go server could not be built:${lastLines(output)}`);
    await rename(binary, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { path, version: go.version };
}

const SOURCE = join(import.meta.dirname, "main.go");
