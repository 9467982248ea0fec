import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { needs } from "../../needs.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { type Ended, type RunningCommand, startCommand } from "../../start-command.ts";

const { describe } = await needs("haproxy", "k6", "toxiproxy");

/** In each place where a secret may be, one of its own: what leaks is named. */
const SECRETS = {
  header: "hush1-authorization",
  agent: "hush2-user-agent",
  host: "hush3-host.example",
  cookie: "hush4-cookie",
  query: "hush5-query",
  body: "hush6-body",
  set: "hush7-set-cookie",
  answer: "hush8-answer",
} as const;

const HEADERS = [
  `Authorization: Bearer ${SECRETS.header}`,
  `User-Agent: ${SECRETS.agent}`,
  `Host: ${SECRETS.host}`,
  `Cookie: session=${SECRETS.cookie}`,
  "Content-Type: application/json",
];
const PATH = `/pay?key="${SECRETS.query}`;
const BODY = JSON.stringify({ token: SECRETS.body });

describe("Nothing of a secret is in an argument, an output or a file that is left", { concurrency: 1 }, () => {
  for (const [command, given] of [
    ["check", "files"],
    ["check", "variables"],
    ["probe", "files"],
    ["check", "failing"],
  ] as const) {
    it(`of ${command}, with ${given === "failing" ? "an app that answers nothing" : given}.`, async (t) => {
      const folder = await scratchFolder(t);
      const out = join(folder, "out");
      const app = await appWithSecrets(t, given === "failing");
      const github = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder, "summary") };
      const { args, env } = given === "variables" ? inVariables() : await inFiles(folder);
      const options = ["--lb-idle", "20s", "--out", out, "--json", ...(command === "check" ? ["--k6-dashboard"] : [])];
      const running = await startCommand(t, command, [app.url, ...args, ...options], { env: { ...github, ...env } });
      const { ended, seen } = await watchArguments(running);
      assert.ok(seen.length > (command === "check" && given !== "failing" ? 5 : 0), "arguments were looked at");
      if (given !== "failing") assert.deepEqual(app.missing(), [], "the app got all of them");
      assert.deepEqual(await running.leftovers(), []);
      const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "alb502");
      holdsNone("an argument", seen.join("\n"));
      holdsNone("standard output", ended.stdout);
      holdsNone("standard error", ended.stderr);
      holdsNone("the names in the cache", existsSync(cache) ? (await readdir(cache)).join("\n") : "");
      const kept = await filesIn(folder);
      assert.ok(kept.some(({ name }) => name.endsWith("result.json")) || given === "failing", ended.stderr);
      for (const { name, text } of kept) if (!name.endsWith(".given")) holdsNone(name, text);
    });
  }
});

function holdsNone(where: string, text: string): void {
  for (const [which, secret] of Object.entries(SECRETS)) {
    // In whatever case, and as the bytes of a capture or a URL may have it.
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]) {
      const at = text.toLowerCase().indexOf(form.toLowerCase());
      assert.ok(at < 0, `${which} is in ${where}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
    }
  }
}

async function inFiles(folder: string): Promise<{ args: string[]; env: Record<string, string> }> {
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, `${name}.given`), text);
    return `@${join(folder, `${name}.given`)}`;
  };
  const header = await write("header", `${HEADERS.join("\n")}\n`);
  const [body, path] = [await write("body", BODY), await write("path", PATH)];
  return { args: ["--header", header, "--body", body, "--path", path], env: {} };
}

const inVariables = () => ({
  args: [],
  env: { ALB502_HEADERS: HEADERS.join("\n"), ALB502_BODY: BODY, ALB502_PATH: PATH },
});

/** It answers with a cookie and a token, closes idle connections after 2 s, and knows what it should have got. */
async function appWithSecrets(t: TestContext, failing: boolean) {
  const got = new Set<string>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const all = `${request.url} ${JSON.stringify(request.headers)} ${body}`;
      for (const secret of Object.values(SECRETS)) if (all.includes(secret)) got.add(secret);
      if (failing) return void request.socket.destroy();
      response.setHeader("Set-Cookie", `session=${SECRETS.set}; Path=/`);
      response.setHeader("Content-Type", "application/json").end(JSON.stringify({ token: SECRETS.answer }));
    });
  });
  server.keepAliveTimeout = 1000; // Node adds a second
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const asked = ["header", "agent", "host", "cookie", "query", "body"] as const;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    missing: () => asked.filter((name) => !got.has(SECRETS[name])),
  };
}

/** Every command line that this machine has while the command runs, again and again. */
async function watchArguments(running: RunningCommand): Promise<{ ended: Ended; seen: string[] }> {
  const seen = new Set<string>();
  let over = false;
  const ended = running.ended.finally(() => {
    over = true;
  });
  while (!over) {
    for (const line of await commandLines()) seen.add(line);
    await delay(20);
  }
  return {
    ended: await ended,
    seen: [...seen].filter((line) => line.includes(running.tmp) || /k6|haproxy|run\.mjs/.test(line)),
  };
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const read = (pid: string) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
  return Promise.all(pids.map(read));
}

async function filesIn(folder: string): Promise<{ name: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (name) => {
      const bytes = await readFile(name);
      return { name, text: (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1") };
    }),
  );
}
