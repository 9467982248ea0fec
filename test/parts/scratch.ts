import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder for this test alone, removed after it. */
export async function scratchFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "alb502-test-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A stand-in for an OLD or broken program: a shell script that prints one line. @returns its path */
export async function script(folder: string, name: string, prints: string, exitCode = 0): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho "${prints}"\nexit ${exitCode}\n`);
  await chmod(path, 0o755);
  return path;
}

/** This process's environment without the variables that name parts or leave them out; it fetches nothing. */
export function environment(changes: Record<string, string>): NodeJS.ProcessEnv {
  const { ALB502_HAPROXY, ALB502_K6, ALB502_TOXIPROXY, ALB502_TEST_PARTS, ALB502_RELEASES, ...rest } = process.env;
  return { ...rest, ALB502_MIRROR: "off", ...changes };
}
