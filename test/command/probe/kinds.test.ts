// npm test: early, since its targets take their time to close
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { fastLane } from "../../../scripts/parts-for-tests.ts";
import { type Result, resultSchema } from "../../../src/record/result.ts";
import { endedCleanly, oneLine } from "../../nothing-left.ts";
import { rawServer } from "../../probe/raw-server.ts";
import { selfSigned } from "../../probe/self-signed.ts";
import { startCommand } from "../../start-command.ts";

/** What the command finds, by its --json. */
async function probe(
  t: TestContext,
  url: URL | string,
  ...args: string[]
): Promise<{ code: number | null; result: Result }> {
  const { code, stdout } = await endedCleanly(await startCommand(t, "probe", [`${url}`, "--json", ...args]));
  return { code, result: resultSchema.parse(JSON.parse(stdout)) };
}

/** Its one line on standard error, with exit code 2. */
async function refusal(t: TestContext, command: string, url: URL | string): Promise<string> {
  const ended = await endedCleanly(await startCommand(t, command, [`${url}`]));
  assert.equal(ended.code, 2, ended.stdout + ended.stderr);
  return oneLine(ended);
}

/** Keeps a connection alive and closes it after `idleMs`, each answer with these headers. */
const keeps = (t: TestContext, headers: string, idleMs: number) => {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  return rawServer(t, (socket) => {
    clearTimeout(timers.get(socket));
    socket.write(`HTTP/1.1 200 OK\r\n${headers}Content-Length: 2\r\n\r\nok`);
    timers.set(
      socket,
      setTimeout(() => socket.end(), idleMs),
    );
  });
};

describe("npm run probe and check tell in one line what is no target", { skip: fastLane }, () => {
  it("a server of HTTP/2 alone.", async (t) => {
    const server = createSecureServer(selfSigned, (_, response) => response.end("ok"));
    t.after(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const command of ["probe", "check"]) assert.match(await refusal(t, command, url), /speaks HTTP\/2 only/);
  });

  it("trailers without end.", async (t) => {
    const answer = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${"a:b\r\n".repeat(16_000)}\r\n`;
    const url = await rawServer(t, (socket) => socket.write(answer));
    for (const command of ["probe", "check"])
      assert.match(await refusal(t, command, url), /it has trailers of more than/);
  });

  it("a port that is taken for an address: nothing is sent.", async (t) => {
    for (const url of ["http://3000/slow", "0.0.11.184/slow", "http://0x7f000001:3000"]) {
      assert.match(await refusal(t, "check", url), /would be read as the address|is no address that an app can have/);
    }
  });
});

describe("npm run probe names software only on evidence that others do not share", { skip: fastLane }, () => {
  it("cpp-httplib's habits are not Node's: unknown, and its limit on requests is said.", async (t) => {
    const url = await keeps(t, "Keep-Alive: timeout=1, max=100\r\n", 1000);
    const { code, result } = await probe(t, url, "--lb-idle", "3s");
    assert.deepEqual([code, result.verdict, result.probe.software], [1, "vulnerable", null]);
    assert.doesNotMatch(JSON.stringify(result.advice), /keepAliveTimeout|Node/);
    assert.match(result.reasons.join(" "), /Keep-Alive header says max=100/);
  });

  it("uWebSockets.js has no setting: lower the LB's timeout, or put a server in front.", async (t) => {
    const { result } = await probe(t, await keeps(t, "uWebSockets: 20\r\n", 1000), "--lb-idle", "3s");
    assert.deepEqual([result.verdict, result.probe.software], ["vulnerable", "uWebSockets.js"]);
    assert.match(result.advice!.headline, /^uWebSockets\.js: no setting keeps .* put a server/);
  });

  it("seconds for milliseconds: keepAliveTimeout = 65 is Node, and 65 ms.", async (t) => {
    const server = createServer((_, response) => response.end("ok"));
    server.keepAliveTimeout = 65;
    t.after(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { result } = await probe(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, "--lb-idle", "5s");
    assert.deepEqual([result.verdict, result.probe.claimedMs], ["vulnerable", 0]);
    assert.match(
      result.advice!.headline,
      /^Probably Node's .* ms: it takes milliseconds; .*: keepAliveTimeout 10000 \(ms\)$/,
    );
  });

  it("Next.js by its route handlers' Vary, and what the user says before all.", async (t) => {
    const url = await keeps(t, "Vary: rsc, next-router-state-tree\r\n", 1000);
    assert.match(
      (await probe(t, url, "--lb-idle", "3s")).result.advice!.headline,
      /^Next\.js: .* --keepAliveTimeout 10000/,
    );
    const { result } = await probe(t, url, "--lb-idle", "3s", "--framework", "spring-boot");
    assert.match(result.advice!.headline, /^Spring Boot with Tomcat: .* server\.tomcat\.keep-alive-timeout 10 s$/);
    assert.equal(result.settings.framework, "tomcat-embedded");
  });

  it("a proxy that answers in the app's place, and a cached answer.", async (t) => {
    const url = await keeps(t, "Server: cloudflare\r\nCF-Ray: 1-FRA\r\nAge: 7\r\n", 1000);
    const reasons = (await probe(t, url, "--lb-idle", "3s")).result.reasons.join(" ");
    assert.match(
      reasons,
      /Cloudflare answers in the app's place .*: this measures the proxy; the app behind is another hop/,
    );
    assert.match(reasons, /A cache answered \(Age: 7\), and cached answers never reach the target/);
  });
});

describe("npm run probe says what an error says", { skip: fastLane }, () => {
  it("JSON without a Content-Type is sent as JSON; the error's line is shown without what was sent.", async (t) => {
    let seen = "";
    const url = await rawServer(t, (socket, _, head) => {
      seen += head;
      const body = '{"message":"no stock for hushhush"}';
      socket.write(`HTTP/1.1 422 No\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    const args = [`${url}`, "-d", '{"item":"hushhush"}', "--lb-idle", "1s"];
    const { stdout, stderr } = await endedCleanly(await startCommand(t, "probe", args));
    assert.match(seen, /^POST .*\r\nContent-Type: application\/json\r\n/s);
    assert.match(stdout, /answers 422 to POST \S+ \(HTTP\/1\.1\) and says "no stock for \.\.\."$/m);
    assert.doesNotMatch(stdout + stderr, /hushhush/);
  });
});
