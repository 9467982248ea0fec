import { tmpdir } from "node:os";
import { onPath } from "../run/on-path.ts";
import { runToEnd } from "../run/process.ts";
import { askVersion } from "./ask-version.ts";
import { compareVersions } from "./version.ts";

export interface Go {
  path: string;
  /** Of the Go that is installed; a newer toolchain that it would fetch for a build is not counted. */
  version: string;
}

/** The Go that can build tools/go.mod, or why there is none, as a clause. */
export async function findGo(env: NodeJS.ProcessEnv = process.env): Promise<Go | { problem: string }> {
  const [path] = await onPath("go", env);
  if (path === undefined) return { problem: "go is not on PATH" };
  // local: ask the installed one; without it, a look would fetch the toolchain that the setting names.
  const answer = await askVersion(path, ["version"], GO_VERSION, { ...env, GOTOOLCHAIN: "local" });
  if ("problem" in answer) return { problem: `${path} ${answer.problem}` };
  if (compareVersions(answer.version, GO_AT_LEAST) >= 0) return { path, version: answer.version };
  if (compareVersions(answer.version, FETCHES_TOOLCHAINS) >= 0 && !(await staysLocal(path, env))) {
    return { path, version: answer.version };
  }
  return { problem: `${path} is Go ${answer.version}` };
}

/** tools/go.mod's own `go` line, which is k6's. */
export const GO_AT_LEAST = "1.25";
/** From this version on, Go gets the toolchain that a go.mod asks for: https://go.dev/doc/toolchain */
const FETCHES_TOOLCHAINS = "1.21";
const GO_VERSION = /^go version (?:devel )?go(\d+\.\d+(?:\.\d+)?)/m;

async function staysLocal(path: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  // Outside any module, so that no go.mod has a say. `go env GOTOOLCHAIN` itself never fetches one.
  const { stdout } = await runToEnd(path, ["env", "GOTOOLCHAIN"], { env, cwd: tmpdir(), timeoutMs: 10_000 });
  return stdout.trim() === "local";
}
