import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { startApp } from "./target.ts";

const { test: it } = await needs("haproxy", "k6", "toxiproxy");

// The aim is what every "clean" rests on. Broken on purpose, it has to be noticed: too early every request is answered
// on the idle connection, which looks exactly like a fixed target.
for (const [says, shift] of [
  ["60 ms too early", "- 60"],
  ["60 ms too late", "+ 60"],
] as const) {
  it(`check whose aim is ${says} calls an unfixed app inconclusive, never clean.`, async (t) => {
    const mutant = await mutantOf(await scratchFolder(t), shift);
    const { url } = await startApp(t, 1000);
    const child = spawn(
      process.execPath,
      [join(mutant, "scripts/run.mjs"), "check", url, "--json", "--runtime=native"],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    t.after(() => child.kill());
    const [result, [code]] = await Promise.all([json(child.stdout), once(child, "close")]);
    const { verdict, reasons } = resultSchema.parse(result);
    assert.deepEqual([code, verdict], [3, "inconclusive"], reasons.join(" "));
    assert.match(reasons.join(" "), /yet no request was lost: the aim missed the instant/);
  });
}

/** The product with one line of its aim changed. */
async function mutantOf(folder: string, shift: string): Promise<string> {
  const root = join(import.meta.dirname, "../../..");
  for (const name of ["package.json", "package-lock.json", ".npmrc", "scripts", "src", "scenarios", "simulator"]) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await cp(join(root, "tools"), join(folder, "tools"), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "src/aim/plan.ts");
  const sound = await readFile(file, "utf8");
  const line = 'first: { ...windowFromCloses(closesMs, exchange), kind: "close", source: "probe" }';
  assert.ok(sound.includes(line), "the line to break");
  const closes = `closesMs.map((ms) => ms ${shift})`;
  await writeFile(file, sound.replace(line, line.replace("closesMs,", `${closes},`)));
  return folder;
}
