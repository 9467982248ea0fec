import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { listeningPorts } from "../../src/app/listening-ports.ts";

const LISTENS_TWICE = `
  const ports = [];
  const tell = (server) => ports.push(server.address().port) === 2 && console.log(JSON.stringify(ports));
  for (const host of ["127.0.0.1", "::"]) {
    const server = require("node:net").createServer().listen(0, host, () => tell(server));
  }`;

test("Where a process group listens is known, though it does not say so, on either family.", {
  skip: !existsSync("/proc/net/tcp"),
}, async (t) => {
  // Its child listens, not the group's leader.
  const group = spawn("/bin/sh", ["-c", '"$0" -e "$1"; :', process.execPath, LISTENS_TWICE], { detached: true });
  t.after(() => process.kill(-group.pid!, "SIGKILL"));
  const [said] = await once(group.stdout, "data");
  const ports: number[] = JSON.parse(`${said}`);
  assert.deepEqual(
    await listeningPorts(group.pid!),
    ports.sort((a, b) => a - b),
  );
});

test("A group that is gone listens nowhere.", async () => {
  assert.deepEqual(await listeningPorts(2 ** 30), []);
});
