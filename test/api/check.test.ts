import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { after, it } from "node:test";
import { check, EnvironmentError } from "../../src/api/index.ts";
import { resultSchema } from "../../src/record/result.ts";
import { livingWith } from "../living.ts";
import { needs } from "../needs.ts";
import { newTmp } from "../start-command.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

// Of this process's calls alone, so that what they leave can be told from others'.
const tmp = newTmp();
process.env.TMPDIR = tmp;
after(async () => {
  // In a clone: esbuild's service, which ends with this process. The package holds the bundles, and starts none.
  const living = (await livingWith(`TMPDIR=${tmp}`)).filter(({ command }) => !command.includes("esbuild"));
  const left = [living, await readdir(tmp)];
  await rm(tmp, { recursive: true });
  assert.deepEqual(left, [[], []], "processes and files left");
});

const NATIVE = { runtime: "native" } as const;

const server = (keepAliveTimeout: number): Server => {
  const made = createServer((_, response) => response.end("ok"));
  made.keepAliveTimeout = keepAliveTimeout;
  return made;
};

describe("check from inside of a test suite", { concurrency: 3 }, () => {
  it("loses the requests of a server that closes first, and gives what result.json holds.", async () => {
    const made = server(1000);
    const result = await check(made, NATIVE);
    assert.deepEqual(resultSchema.parse(result), result);
    assert.deepEqual([result.command, result.verdict, result.runs[0]!.lost > 0], ["check", "lost", true]);
    assert.equal(made.listening, false);
  });

  it("finds a server clean whose LB closes first, beside the other one.", async () => {
    const result = await check(server(30_000), { ...NATIVE, lb: { idleTimeout: "3s" } });
    assert.deepEqual([result.verdict, result.control?.verdict], ["clean", "lost"]);
  });

  it("stops every part when its signal is aborted, and rejects with the signal's reason.", async () => {
    const abort = new AbortController();
    const progress = (line: string) => {
      if (line.startsWith("LB: ")) setTimeout(() => abort.abort(new Error("enough")), 300);
    };
    await assert.rejects(check(server(30_000), { ...NATIVE, signal: abort.signal, progress }), /^Error: enough$/);
  });

  it("rejects with the error of the command, and its exit code.", async () => {
    await assert.rejects(check("http://127.0.0.1:9", NATIVE), { name: "UsageError", exitCode: 2 });
    assert.equal(new EnvironmentError("x").exitCode, 2);
  });
});
