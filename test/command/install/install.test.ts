import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import { installSchema } from "../../../src/command/install/result.ts";
import { fetching, saying, startMirror, sumOf } from "../../parts/releases.ts";
import { script } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";

test("install gets what it can: the release of one part, and a line on the part that cannot be had: exit 2.", async (t) => {
  const program = saying("2.2.0");
  const mirror = await startMirror(t, (_, response) => response.end(program));
  const { env, cache } = await fetching(t, mirror, { k6: { sha256: sumOf(program) } });
  const haproxy = await script(join(cache, ".."), "haproxy", "HAProxy version 3.2.26-1 2026/08/20");
  const install = async (...args: string[]) =>
    (await startCommand(t, "install", args, { env: { ...env, ALB502_HAPROXY: haproxy } })).ended;

  const first = await install();
  assert.equal(first.code, 2, first.stderr);
  assert.match(first.stdout, /^k6 is not on PATH: fetching k6 2\.2\.0, /m);
  assert.match(first.stdout, /^haproxy {3}3\.2\.26 +named by its variable +\S+\/haproxy$/m);
  assert.match(first.stdout, /^k6 {8}2\.2\.0 +official release +\S+\/k6-2\.2\.0-\S+$/m);
  assert.match(
    first.stdout,
    /^toxiproxy MISSING: toxiproxy-server is not on PATH, and its release is not fetched, as .*Go/m,
  );
  assert.ok(first.stdout.endsWith(`to keep between a CI's runs: ${cache}\n`), first.stdout);

  const { code, stdout } = await install("--json");
  const { ok, parts, ...rest } = installSchema.parse(JSON.parse(stdout));
  assert.deepEqual([code, ok, rest.cache], [2, false, cache]);
  assert.deepEqual(
    parts.map(({ name, version, origin, missing }) => [name, version, origin, missing === null]),
    [
      ["haproxy", "3.2.26", "environment", true],
      ["k6", "2.2.0", "fetched", true],
      ["toxiproxy", null, null, false],
    ],
  );
  assert.deepEqual(await readdir(cache), [basename(parts[1]!.path!)]);
});
