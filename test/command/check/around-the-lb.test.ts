// npm test: early, since it has many checks
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { selfSigned } from "../../probe/self-signed.ts";
import { startCommand } from "../../start-command.ts";
import { forwardingLb } from "./forwarding-lb.ts";
import { startApp } from "./target.ts";

const { describe, test } = await needs("k6");

const HEADER = ["--header", "Authorization: Bearer of-somebody"];

describe("The certificate of a standing LB", { concurrency: 2 }, () => {
  it("is verified: where it is self-signed, one line, exit 2, and nothing is sent.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const lb = await forwardingLb(t, url, { tls: selfSigned });
    const check = await startCommand(t, "check", [url, "--through", lb.url, "--yes", ...HEADER]);
    const ended = await endedCleanly(check);
    assert.equal(ended.code, 2);
    assert.match(
      oneLine(ended),
      /^alb502: the certificate of 127\.0\.0\.1:\d+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\), and nothing was sent: .*--insecure/,
    );
    assert.match(ended.stdout, /^its certificate is verified$/m);
    assert.equal(lb.seen.requests, 0);
  });

  it("is not, with --insecure, neither by the probe nor by k6, and that is said before anything is sent.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const lb = await forwardingLb(t, url, { tls: selfSigned });
    const { code, result, stdout } = await through(t, url, lb.url, ["--insecure", "--lb-idle", "2s"]);
    assert.deepEqual([code, result.verdict, result.settings.insecure], [0, "clean", true], stdout);
    assert.match(stdout, /at most 1362 requests .*\nits certificate is NOT verified \(--insecure\)\nprobing /);
  });

  it("is trusted by both where NODE_EXTRA_CA_CERTS has its issuer, and has to be the LB's own.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const lb = await forwardingLb(t, url, { tls: selfSigned });
    const file = join(await scratchFolder(t), "ca.pem");
    await writeFile(file, selfSigned.cert);
    const env = { NODE_EXTRA_CA_CERTS: file };
    const ended = await endedCleanly(await startCommand(t, "check", [url, "--through", lb.url, "--yes"], { env }));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\), and nothing was sent/);
    assert.equal(lb.seen.requests, 0);

    const folder = await scratchFolder(t);
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=a test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
    const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject];
    if (spawnSync("openssl", made).status !== 0) return t.skip("this machine has no openssl");
    const tls = { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
    const good = await forwardingLb(t, url, { tls });
    const { code, result } = await through(t, url, good.url, ["--lb-idle", "2s"], {
      NODE_EXTRA_CA_CERTS: cert,
      SSL_CERT_FILE: "",
    });
    assert.deepEqual([code, result.verdict], [0, "clean"], result.reasons.join(" "));

    const other = { NODE_EXTRA_CA_CERTS: cert, SSL_CERT_FILE: file, SSL_CERT_DIR: "/nonexistent" };
    const doubted = await through(t, url, good.url, ["--lb-idle", "2s"], other);
    assert.equal(doubted.code, 3);
    assert.match(doubted.result.reasons.join(" "), /k6 did not trust the LB's certificate \(x509: .+\): name its CA/);
  });

  it("takes --through: --insecure alone is a usage error.", async (t) => {
    const ended = await endedCleanly(await startCommand(t, "check", ["3000", "--insecure"]));
    assert.equal(ended.code, 2);
    assert.match(oneLine(ended), /^alb502: --insecure is for --through's LB, and there is none/);
  });
});

describe("No more requests reach a standing LB than was agreed to", { concurrency: 2 }, () => {
  const agreed = async (t: TestContext, args: readonly string[]): Promise<number> => {
    const ended = await endedCleanly(await startCommand(t, "check", args));
    assert.equal(ended.code, 2);
    return Number(/ would send up to (\d+) requests to /.exec(oneLine(ended))?.[1]);
  };

  it("also where it ends connections under them, which k6's transport then repeats.", async (t) => {
    const { url } = await startApp(t, 1000);
    const used = new WeakSet<object>();
    const cuts = (n: number, socket: object) => {
      if (n > 2 && used.has(socket)) return true;
      used.add(socket);
      return false;
    };
    const lb = await forwardingLb(t, url, { cuts });
    const most = await agreed(t, [url, "--through", lb.url]);
    const { code, result } = await through(t, url, lb.url);
    assert.deepEqual([code, result.verdict], [3, "inconclusive"], result.reasons.join(" "));
    t.diagnostic(`${lb.seen.requests} of at most ${most}`);
    assert.ok(lb.seen.requests > 680 && lb.seen.requests <= most, `${lb.seen.requests} of at most ${most}`);
  });

  it("and a POST is not repeated, unless it carries an Idempotency-Key.", async (t) => {
    const lb = "http://127.0.0.1:9";
    assert.equal(await agreed(t, ["3000", "--through", lb, "--method", "POST"]), 682);
    const keyed = ["3000", "--through", lb, "--method", "POST", "--header", "Idempotency-Key: 1"];
    assert.equal(await agreed(t, keyed), 1362);
  });
});

describe("What stands between a standing LB and the target is noticed", { concurrency: 2 }, () => {
  it("a cache, before anything is aimed: exit 3.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const lb = await forwardingLb(t, url, { adds: (n) => (n === 1 ? { "X-Cache": "MISS" } : { "X-Cache": "HIT" }) });
    const { code, result } = await through(t, url, lb.url);
    assert.deepEqual([code, result.verdict, lb.seen.requests], [3, "inconclusive", 2]);
    assert.match(result.reasons[0]!, /answers from a cache \(its x-cache header says so\): what does not reach/);
  });

  it("a cache that answers some of the aimed requests only: exit 3, not clean.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const lb = await forwardingLb(t, url, { adds: (n) => (n > 150 && n % 2 === 0 ? { Age: "3" } : { Age: "0" }) });
    const { code, result } = await through(t, url, lb.url, ["--lb-idle", "2s"]);
    assert.deepEqual([code, result.verdict], [3, "inconclusive"], result.reasons.join(" "));
    assert.match(
      result.reasons.join(" "),
      /\d+ of 60 requests were answered by a cache, as age said: they never reached/,
    );
  });

  it("a proxy, which is named in the reasons of a clean verdict beside the missing control.", async (t) => {
    const { url } = await startApp(t, 65_000);
    const lb = await forwardingLb(t, url, { adds: () => ({ Via: "1.1 varnish (Varnish/7.5)" }) });
    const { code, result } = await through(t, url, lb.url, ["--lb-idle", "2s"]);
    assert.deepEqual([code, result.verdict], [0, "clean"], result.reasons.join(" "));
    assert.match(result.reasons.join(" "), /A proxy or cache stands between: answers through the LB have via, /);
    assert.match(result.reasons.join(" "), /there is no positive control/);
  });
});

test("A proxy of the user's shell is not used, by the probe as by k6, and that is said: its 502 is no loss.", async (t) => {
  const { url } = await startApp(t, 65_000);
  // Go exempts loopback from any proxy.
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const host = own.find(({ internal, family }) => !internal && family === "IPv4")?.address;
  if (host === undefined) return t.skip("this machine has no address but loopback's");
  const lb = await forwardingLb(t, url, { host });
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(502).end();
  });
  t.after(() => proxy.close());
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTP_PROXY, http_proxy: HTTP_PROXY, NO_PROXY: "" };
  const { code, result, stdout } = await through(t, url, lb.url, ["--lb-idle", "2s"], env);
  assert.deepEqual([code, result.verdict, asked], [0, "clean", []], result.reasons.join(" "));
  assert.match(stdout, /^HTTP_PROXY is set and not used/m);
});

async function through(
  t: TestContext,
  url: string,
  lbUrl: string,
  more: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const out = join(await scratchFolder(t), "out");
  const args = [url, "--through", lbUrl, "--yes", "--out", out, ...more];
  const { code, stdout, stderr } = await endedCleanly(await startCommand(t, "check", args, { env }));
  const result = resultSchema.parse(JSON.parse(await readFile(join(out, "result.json"), "utf8").catch(() => stderr)));
  return { code, result, stdout };
}
