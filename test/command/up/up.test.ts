import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { resultSchema } from "../../../src/record/result.ts";
import { needs } from "../../needs.ts";
import { endedCleanly, oneLine, portPair } from "../../nothing-left.ts";
import { scratchFolder } from "../../parts/scratch.ts";
import { startCommand } from "../../start-command.ts";
import { startApp } from "../check/target.ts";

const { test } = await needs("haproxy", "k6", "toxiproxy");

test("up stands in front of an app, passes on the app's own Host, tells each lost request's cause and ends with Ctrl-C: 130.", async (t) => {
  const { url } = await startApp(t, 1000);
  const port = await portPair();
  const out = join(await scratchFolder(t), "out");
  const up = await startCommand(t, "up", [url, "--port", `${port}`, "--rtt", "4ms", "--out", out]);
  await up.printed(/^For k6 .*: -e TARGET_BASE_URL=http:\S+ -e USERS=1 -e RTT_MS=\d+; more users need --nodes$/m);
  await up.printed(/Ctrl-C ends it/);
  const lb = `http://127.0.0.1:${port}/orders?token=hush`;
  assert.equal((await ask(lb)).body, `${new URL(url).host}\n`, "the app's own Host");
  assert.equal((await ask(lb, { Host: "shop.example" })).body, "shop.example\n", "unless the client names one");

  await nonsense(port);
  // Nobody aims here: gaps that step by 0.5 ms across the close at 2 s meet the 4 ms that are lost, or one pass more does.
  let lost = 0;
  for (let step = 0; lost === 0 && step < 40; step++) {
    await ask(lb);
    await delay(1990 + (step % 20) * 0.75);
    if ((await ask(lb)).status === 502) lost += 1;
  }
  assert.equal(lost, 1);
  await up.printed(
    / 502 GET \/orders: keep-alive race: the connection had been idle for (1\.99|2\.0)\d+ s, and the app closed it/,
  );
  process.kill(up.pid, "SIGINT");
  const ended = await endedCleanly(up);
  assert.equal(ended.code, 130);
  assert.doesNotMatch(ended.stdout, /hush/);
  const result = resultSchema.parse(JSON.parse(await readFile(join(out, "result.json"), "utf8")));
  assert.deepEqual([result.command, result.verdict, result.runs[0]!.lost], ["up", "lost", 1]);
});

test("up names a taken port in one line: exit 2.", async (t) => {
  const { url } = await startApp(t, 1000);
  const ended = await endedCleanly(await startCommand(t, "up", [url, "--port", new URL(url).port]));
  assert.equal(ended.code, 2);
  assert.match(oneLine(ended), /^alb502: port \d+ is in use; choose another with --port/);
});

/** What HAProxy cannot read: a browser's https:// does so. Its log line has no time, and must not end the command. */
async function nonsense(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1", () => socket.write("\x16\x03\x01 no request\r\n\r\n"));
  await once(socket.resume(), "close");
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function ask(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode!, body }));
    }).on("error", reject);
  });
}
