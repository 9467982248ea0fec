import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { sourcesOf } from "../../src/diagnose/sources.ts";
import { scratchFolder } from "../parts/scratch.ts";

test("Every log in a folder is read, at any depth and in the order of names, and no log of another kind.", async (t) => {
  const folder = await scratchFolder(t);
  await mkdir(join(folder, "2026/11/20"), { recursive: true });
  await mkdir(join(folder, "empty.log"));
  const logs = ["2026/11/20/b.log.gz", "2026/a.log", "c.log"];
  const others = ["2026/11/20/conn_log.1.log.gz", "health_check_log_1.log", "notes.txt", "d.log.bak"];
  for (const name of [...logs, ...others]) await writeFile(join(folder, name), name);
  const sources = await sourcesOf([folder]);
  assert.deepEqual(
    sources.map(({ name }) => relative(folder, name)),
    logs,
  );
  assert.equal(await text(sources[1]!.open()), "2026/a.log");
});

test("A file may have any name, and one that is named twice is read once.", async (t) => {
  const folder = await scratchFolder(t);
  const file = join(folder, "conn_log.txt");
  await writeFile(file, "");
  await writeFile(join(folder, "a.log"), "");
  const sources = await sourcesOf([file, folder, join(folder, ".", "a.log"), "-", file, "-"]);
  assert.deepEqual(
    sources.map(({ name }) => name),
    [file, join(folder, "a.log"), "-"],
  );
});

test("A path that is not there, and a folder without a log, are named in one line each.", async (t) => {
  const folder = await scratchFolder(t);
  const missing = join(folder, "two\nlines");
  await assert.rejects(sourcesOf([missing]), {
    name: "UsageError",
    message: `${JSON.stringify(missing)} cannot be read (ENOENT): give the files or folders of an ALB's access log`,
  });
  await assert.rejects(sourcesOf([folder]), {
    name: "UsageError",
    message: `there is no *.log or *.log.gz in ${JSON.stringify(folder)}; name the files themselves if they are called otherwise`,
  });
});
