import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";
import { startApp } from "../check/target.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

const short = ["--nodes", "2", "--rounds", "1"];

/**
 * A command that runs the next one with a file system of `size` at `folder`, in a mount namespace of its own, and then
 * lists what is left on it.
 */
function withSmallDisk(folder: string, size: string): string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const script = `mount -t tmpfs -o size=${size} none "${folder}" && { "$@"; code=$?; ls -A "${folder}"; exit $code; }`;
  return ["unshare", "--mount", ...asRoot, "sh", "-c", script, "sh"];
}

const noMounts = (folder: string) => {
  const [command, ...args] = withSmallDisk(folder, "16k") as [string, ...string[]];
  return spawnSync(command, [...args, "true"]).status !== 0 && "this user may not mount";
};

describe("A disk without room for what is written gives one line and exit 2", { concurrency: 3 }, () => {
  it("an --out disk that becomes full while the demo runs, and no half of a log stays on it.", async (t) => {
    const out = await scratchFolder(t);
    const skip = noMounts(out);
    if (skip) return t.skip(skip);
    const demo = await startCommand(t, "demo", [...short, "--out", out], { wrap: withSmallDisk(out, "1m") });
    await demo.printed(/^probing /m);
    fill(join(`/proc/${demo.pid}/root`, out, "fill"));
    await demo.printed(/^round 1 of 1: /m);
    const ended = await endedCleanly(demo);
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: no room to write in ".*" \(ENOSPC\): .*--out/);
    assert.match(ended.stdout, /\nround 1 of 1: .*\nfill\n$/);
  });

  for (const command of ["demo", "check"] as const) {
    it(`a TMPDIR that is too small for the bundles of ${command}.`, async (t) => {
      const small = join(await scratchFolder(t), "tmp");
      mkdirSync(small);
      const skip = noMounts(small);
      if (skip) return t.skip(skip);
      const args = command === "demo" ? short : [(await startApp(t, 1000)).url];
      const run = await startCommand(t, command, args, { env: { TMPDIR: small }, wrap: withSmallDisk(small, "64k") });
      const ended = await endedCleanly(run);
      assert.equal(ended.code, 2);
      assert.match(oneLine(ended), /^alb502: no room for what is to be run: .* no space left on device: .*TMPDIR/);
      assert.doesNotMatch(ended.stdout, /alb502-/, "nothing is left there");
    });
  }
});

function fill(file: string): void {
  assert.throws(() => writeFileSync(file, Buffer.alloc(2 << 20)), { code: "ENOSPC" });
}
