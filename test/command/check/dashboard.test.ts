import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { needs } from "../../needs.ts";
import { endedCleanly } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";
import { startApp } from "./target.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

test("check --k6-dashboard keeps k6's own dashboard, and the report links it.", async (t) => {
  const out = join(await scratchFolder(t), "out");
  const { url } = await startApp(t, 1000);
  const args = [url, "--out", out, "--k6-dashboard"];
  const { code, stderr } = await endedCleanly(await startCommand(t, "check", args));
  assert.equal(code, 1, stderr);
  const dashboard = await readFile(join(out, "check-k6-dashboard.html"), "utf8");
  assert.match(dashboard, /<title>k6 report<\/title>/);
  assert.match(await readFile(join(out, "report.html"), "utf8"), /<a href="\.\/check-k6-dashboard\.html">/);
});

test("--k6-dashboard without a folder to keep it in is refused in one line.", async (t) => {
  const { code, stderr } = await endedCleanly(await startCommand(t, "demo", ["--k6-dashboard"]));
  assert.equal(code, 2);
  assert.equal(stderr, "alb502: --k6-dashboard is kept in --out's folder, expected one; add --out DIR\n");
});
