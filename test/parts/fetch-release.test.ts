import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import type { RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Writable } from "node:stream";
import { describe, it, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS, type Limits } from "../../src/parts/download.ts";
import { ensureParts } from "../../src/parts/ensure-parts.ts";
import { fetchRelease } from "../../src/parts/fetch-release.ts";
import { findPart } from "../../src/parts/find-part.ts";
import { releaseOf } from "../../src/parts/releases.ts";
import { createProgress } from "../../src/run/progress.ts";
import { needs } from "../needs.ts";
import { archive, fetching, type Said, saying, startMirror, sumOf } from "./releases.ts";
import { ensure } from "./run-ensure.ts";

const there = await needs("k6", "toxiproxy");

const RIGHT = archive({ "k6-v2.2.0/LICENSE.md": Buffer.from("text"), "k6-v2.2.0/k6": saying("2.2.0") });
const PACKED = { path: "grafana/k6/k6.tar.gz", program: "k6-v2.2.0/k6" };

test("A release is fetched, checked and unpacked: one line before, one after, and nothing but the program is kept.", async (t) => {
  const asked: string[] = [];
  const mirror = await startMirror(t, (request, response) => {
    asked.push(request.url!);
    response.setHeader("content-length", RIGHT.length).end(RIGHT);
  });
  const { env, cache, releases } = await fetching(t, `${mirror}/github/`, { k6: { ...PACKED, sha256: sumOf(RIGHT) } });
  const { part, lines } = await fetch("k6", env);
  const { path } = part as { path: string };
  assert.deepEqual(part, { name: "k6", path, version: "2.2.0", origin: "fetched" });
  assert.deepEqual(asked, ["/github/grafana/k6/k6.tar.gz"]);
  assert.deepEqual(await readdir(cache), [basename(path)]);
  assert.equal((await stat(path)).mode & 0o777, 0o700);
  assert.equal(
    lines[0],
    `k6 is not on PATH: fetching k6 2.2.0, which sends the traffic, from ${mirror}/github/grafana/k6/k6.tar.gz, once ` +
      `(0.0 MB); its sum is that of ${releases}`,
  );
  assert.match(lines[1]!, /^k6 2\.2\.0 fetched in \d+\.\d s, its sum is right: \S+$/);
  // A CI's cache is restored where nothing is to be fetched.
  assert.deepEqual(await findPart("k6", { ...env, ALB502_MIRROR: "off" }), part);
});

test("Two checks side by side in one process fetch a release once.", async (t) => {
  let asked = 0;
  const mirror = await startMirror(t, (_, response) => {
    asked += 1;
    response.end(RIGHT);
  });
  const { env } = await fetching(t, mirror, { k6: { ...PACKED, sha256: sumOf(RIGHT) } });
  const progress = createProgress(new Writable({ write: (_, __, done) => done() }) as NodeJS.WriteStream);
  const both = await Promise.all([1, 2].map(() => ensureParts(["k6"], progress, t.signal, env)));
  assert.deepEqual([both[0]!.k6, asked], [both[1]!.k6, 1]);
});

test("A file that is the program itself, behind redirects to another port, is fetched too.", async (t) => {
  const program = saying("2.2.0");
  const other = await startMirror(t, (_, response) => response.end(program));
  const mirror = await startMirror(t, ({ url }, response) => {
    if (url === "/a/k6") response.writeHead(302, { location: "/b" }).end();
    else response.writeHead(307, { location: `${other}/c?token=1` }).end();
  });
  const { env } = await fetching(t, mirror, { k6: { sha256: sumOf(program) } });
  const { part } = await fetch("k6", env);
  assert.ok("path" in part, JSON.stringify(part));
});

describe("Nothing is kept, let alone run, and the clause says why, where", { concurrency: true }, () => {
  const sends = (content: Buffer, said: Partial<Said> = PACKED) => ({ content, sha256: sumOf(content), ...said });
  const USUAL = { ...LIMITS, bytes: 20_000_000 };
  const STALLS = { ...USUAL, stallMs: 500 };
  const SLOW = { ...USUAL, totalMs: 1000 };
  const mark = join(tmpdir(), `alb502-test-ran-${process.pid}`);
  const ran = `#!/bin/sh\necho > ${mark}\n`;
  type Case = [what: Partial<Said> & { content?: Buffer }, from: RequestListener | null, RegExp, limits?: Limits];
  const cases: Record<string, Case> = {
    "the sum is not the one that was said": [
      { content: Buffer.from(ran), sha256: "0".repeat(64) },
      null,
      /^what \S+\/a\/k6 sends is not the release and was thrown away \(SHA-256 [0-9a-f]{64}, expected 0{64}\)$/,
    ],
    "the server has no such file": [{}, (_, response) => response.writeHead(404).end(), / answers 404$/],
    "the server fails": [{}, (_, response) => response.writeHead(503).end(), / answers 503$/],
    "the connection breaks off": [
      {},
      (_, response) => {
        response.writeHead(200, { "content-length": 5_000_000 }).write(Buffer.alloc(1_000_000));
        setTimeout(() => response.destroy(), 50);
      },
      / broke off after 1\.0 MB of 5\.0 MB$/,
    ],
    "the server never answers": [{}, () => {}, / sent nothing for 0\.5 s$/, STALLS],
    "it stops in the middle": [
      {},
      (_, response) => void response.writeHead(200, { "content-length": 5000 }).write("half"),
      / sent nothing for 0\.5 s$/,
      STALLS,
    ],
    "it comes too slowly": [{}, (_, response) => drip(response), / took longer than 1 s$/, SLOW],
    "it says that it is too big": [
      {},
      (_, response) => void response.writeHead(200, { "content-length": 20_000_001 }).write("first"),
      / sends more than 20\.0 MB, the most that is taken$/,
    ],
    "it is too big without saying so": [{}, (_, response) => flood(response), / sends more than 20\.0 MB, /],
    "redirects do not end": [
      {},
      (_, response) => response.writeHead(302, { location: "/again" }).end(),
      / redirects more than 5 times$/,
    ],
    "a redirect leads nowhere": [
      {},
      (_, response) => response.writeHead(302).end(),
      / answers 302 without a Location$/,
    ],
    "a redirect leads out of the web": [
      {},
      (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
      / redirects from http: to file:$/,
    ],
    "the archive has no such program": [
      sends(archive({ "k6-v2.2.0/README": Buffer.from(ran) })),
      null,
      / has no file k6-v2\.2\.0\/k6$/,
    ],
    "the archive's names lead out of it": [
      sends(archive({ "../../k6-v2.2.0/k6": Buffer.from(ran), "/k6-v2.2.0/k6": Buffer.from(ran) })),
      null,
      / has no file k6-v2\.2\.0\/k6$/,
    ],
    "the program is a link": [sends(archive({ "k6-v2.2.0/k6": "/bin/sh" })), null, / has no file k6-v2\.2\.0\/k6$/],
    "the archive is none": [sends(Buffer.from("<html>")), null, / cannot be unpacked \(incorrect header check\)$/],
    "the archive ends early": [
      sends(RIGHT.subarray(0, RIGHT.length - 20)),
      null,
      / cannot be unpacked \(unexpected end of file\)$/,
    ],
    "the archive unpacks to too much": [
      sends(archive({ "k6-v2.2.0/k6": Buffer.alloc(90_000_000) })),
      null,
      / cannot be unpacked \(Cannot create a Buffer larger than 80000000 bytes\)$/,
    ],
    "the program does not run": [
      sends(Buffer.from("no program"), {}),
      null,
      /^the program of \S+ does not run \(.+\)$/,
    ],
    "the program is another version": [
      sends(saying("2.1.0"), {}),
      null,
      /^the program of \S+\/a\/k6 is version 2\.1\.0, expected 2\.2\.0$/,
    ],
  };
  for (const [when, [{ content, ...said }, listener, problem, limits = USUAL]] of Object.entries(cases)) {
    it(`${when}.`, async (t) => {
      const mirror = await startMirror(t, listener ?? ((_, response) => response.end(content)));
      const { env, cache } = await fetching(t, mirror, { k6: { sha256: "0".repeat(64), ...said } });
      const { part } = await fetch("k6", env, limits);
      assert.ok("problem" in part, JSON.stringify(part));
      assert.match(part.problem, problem);
      assert.ok(part.problem.includes(mirror));
      assert.deepEqual(await readdir(cache).catch(() => []), []);
      assert.ok(!existsSync(mark));
    });
  }
});

test("A server that cannot be reached is named, with the system's reason.", async (t) => {
  const { env } = await fetching(t, "http://127.0.0.1:1", { k6: { sha256: "0".repeat(64) } });
  const { part } = await fetch("k6", env);
  assert.deepEqual(part, {
    problem: "http://127.0.0.1:1/a/k6 cannot be reached (connect ECONNREFUSED 127.0.0.1:1)",
  });
});

test("A mirror's user and password are sent, and shown nowhere.", async (t) => {
  const program = saying("2.2.0");
  let authorization: string | undefined;
  const mirror = await startMirror(t, ({ headers }, response) => {
    authorization = headers.authorization;
    response.writeHead(authorization === undefined ? 401 : 200).end(program);
  });
  const withPassword = mirror.replace("//", "//bot:hunter2@");
  const { env } = await fetching(t, withPassword, { k6: { sha256: sumOf(program) } });
  const { part, lines } = await fetch("k6", env);
  assert.ok("path" in part, JSON.stringify(part));
  assert.equal(authorization, `Basic ${btoa("bot:hunter2")}`);
  assert.doesNotMatch(lines.join("\n"), /hunter2|bot/);
  const { part: none } = await fetch("k6", { ...env, ALB502_MIRROR: "http://bot:hunter2@127.0.0.1:1" });
  assert.doesNotMatch(JSON.stringify(none), /hunter2|bot/);
});

test("Two runs side by side both get it, and one program is there.", async (t) => {
  const mirror = await startMirror(t, (_, response) => setTimeout(() => response.end(RIGHT), 200));
  const { env, cache } = await fetching(t, mirror, { k6: { ...PACKED, sha256: sumOf(RIGHT) } });
  const [one, two] = await Promise.all([fetch("k6", env), fetch("k6", env)]);
  assert.ok("path" in one.part, JSON.stringify(one));
  assert.deepEqual(two.part, one.part);
  assert.deepEqual(await readdir(cache), [basename(one.part.path)]);
});

test("Ctrl-C ends a fetch: exit 130, nothing left in the cache.", async (t) => {
  let begun = () => {};
  const inTheMiddle = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const mirror = await startMirror(t, (_, response) => {
    response.writeHead(200, { "content-length": 5000 }).write("half");
    begun();
  });
  const { env, cache } = await fetching(t, mirror, { k6: { sha256: "0".repeat(64) } });
  const run = ensure(["k6"], env);
  await inTheMiddle;
  await sleep(100); // in the middle of the answer, not of the request
  run.child.kill("SIGINT");
  const { code, stderr } = await run.ended;
  assert.equal(code, 130, stderr);
  assert.deepEqual(await readdir(cache).catch(() => []), []);
});

test("Where a release cannot be had and Go cannot build it, one line says both: exit 2.", async (t) => {
  const mirror = await startMirror(t, (_, response) => response.writeHead(404).end());
  const { env, releases } = await fetching(t, mirror, { k6: { sha256: "0".repeat(64) } });
  const { code, stderr } = await ensure(["k6"], env).ended;
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `alb502: k6 is not on PATH, and ${mirror}/a/k6 answers 404; to build it, Go 1.25 or newer is expected, but go is ` +
      "not on PATH: install Go (go.dev/dl), or k6 2.0.0 or newer yourself; with a mirror (ALB502_MIRROR) or with Docker neither is needed\n",
  );
  const platform = `${process.platform}-${process.arch}`;
  const without = await ensure(["toxiproxy"], env).ended;
  assert.ok(
    without.stderr.startsWith(
      "alb502: toxiproxy-server is not on PATH, and its release is not fetched, as " +
        `${releases} has no SHA-256 sum of toxiproxy 2.2.0 for ${platform}; to build it, `,
    ),
    without.stderr,
  );
});

test("A mirror or a file of sums that is none is refused in one line, without its password: exit 2.", async (t) => {
  const { env, releases } = await fetching(t, "off", {});
  const lineOf = async (changes: NodeJS.ProcessEnv) => {
    const { code, stderr } = await ensure(["k6"], { ...env, ALB502_RELEASES: undefined, ...changes }).ended;
    assert.deepEqual([code, stderr.split("\n").length], [2, 2], stderr);
    return stderr;
  };
  for (const mirror of ["ftp://me:hunter2@host", "host/path", "https://host/?token=hunter2"]) {
    const line = await lineOf({ ALB502_MIRROR: mirror });
    assert.match(
      line,
      /^alb502: ALB502_MIRROR is set, but not to a URL like https:\/\/HOST\/PATH .*: fix or unset it$/m,
    );
    assert.doesNotMatch(line, /hunter2/);
  }
  assert.match(
    await lineOf({ ALB502_RELEASES: "sums.json" }),
    /^alb502: ALB502_RELEASES=sums\.json: expected the absolute/,
  );
  assert.match(
    await lineOf({ ALB502_RELEASES: `${releases}.no` }),
    /no cannot be read \(ENOENT.*\): expected the absolute/,
  );
  assert.match(
    await lineOf({ ALB502_RELEASES: join(import.meta.dirname, "../../package.json") }),
    /package\.json cannot be read \(k6: Invalid input.*\): expected the absolute/,
  );
});

describe("tools/releases.json", () => {
  it("has the versions that tools/go.mod pins, and a sum of every platform that the parts run on.", () => {
    const goMod = readFileSync(join(import.meta.dirname, "../../tools/go.mod"), "utf8");
    const pinned = {
      k6: /^\tgo\.k6\.io\/k6\/v2 v(\S+)/m.exec(goMod)?.[1],
      toxiproxy: /^\tgithub\.com\/Shopify\/toxiproxy\/v2 v(\S+)/m.exec(goMod)?.[1],
    };
    for (const name of ["k6", "toxiproxy"] as const) {
      for (const platform of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]) {
        const release = releaseOf(name, {}, platform);
        assert.ok("path" in release, `${name} ${platform}`);
        assert.equal(release.version, pinned[name]);
        assert.ok(release.path.includes(`/v${pinned[name]}/`), release.path);
      }
    }
    assert.deepEqual(releaseOf("k6", {}, "win32-x64"), {
      problem: "this copy of alb502 has no SHA-256 sum of k6 2.2.0 for win32-x64",
    });
  });
});

there.test("The real k6 and Toxiproxy come from a mirror where there is no PATH, no Docker and no Go.", async (t) => {
  const { k6, toxiproxy } = there.parts;
  const flags = ["-C", dirname(k6.path), "--transform", "s,.*,k6-v2/k6,", "-c", basename(k6.path)];
  const packed = execFileSync("tar", ["--use-compress-program", "gzip -1", ...flags], { maxBuffer: 200_000_000 });
  const program = readFileSync(toxiproxy.path);
  const mirror = await startMirror(t, ({ url }, response) => response.end(url!.endsWith(".tar.gz") ? packed : program));
  const { env, cache } = await fetching(t, mirror, {
    k6: { version: k6.version, path: "a/k6.tar.gz", program: "k6-v2/k6", sha256: sumOf(packed) },
    toxiproxy: { version: toxiproxy.version, sha256: sumOf(program) },
  });
  const { code, stdout, stderr } = await ensure(["k6", "toxiproxy"], env).ended;
  assert.equal(code, 0, stderr);
  const got = JSON.parse(stdout) as Record<string, unknown>;
  for (const { name, version } of [k6, toxiproxy]) {
    const { path, ...rest } = got[name] as { path: string };
    assert.deepEqual(rest, { name, version, origin: "fetched" });
    assert.equal(dirname(path), cache);
  }
});

async function fetch(name: "k6" | "toxiproxy", env: NodeJS.ProcessEnv, limits: Limits = LIMITS) {
  const lines: string[] = [];
  const progress = { ...createProgress(process.stderr), line: (text: string) => void lines.push(text) };
  return { part: await fetchRelease(name, "k6 is not on PATH", progress, env, undefined, limits), lines };
}

/** A byte now and then, until the other side has gone. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write("."), 100);
  response.on("close", () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(100_000)));
  };
  response.on("drain", more);
  more();
}
