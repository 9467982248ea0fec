import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { findEngine } from "../../../src/stage/docker/engine.ts";
import { scratchFolder } from "../../parts/scratch.ts";

// The docker command is the real one throughout; what it talks to is not there, not ours, or silent.
const noDocker = !onPath("docker") && "this machine has no docker command";

describe("What keeps us from using Docker is said in one line, with what to do", {
  concurrency: 6,
  skip: noDocker,
}, () => {
  it("an engine that is not running.", async () => {
    await refuses(
      { DOCKER_HOST: "unix:///no/such.sock" },
      /^no Docker engine answers at unix:\/\/\/no\/such\.sock: start it/,
    );
  });

  it("a machine without the docker command.", async () => {
    await refuses({ PATH: "/no/such/folder" }, /^docker is not on PATH: install Docker/);
  });

  it("a socket that this user may not open.", async (t) => {
    const socket = await silentEngine(t, 0o700);
    if (process.getuid?.() !== 0) {
      await chmod(socket, 0o000);
      return refuses({ DOCKER_HOST: `unix://${socket}` }, NO_PERMISSION);
    }
    // Root may open every socket: somebody else has to try.
    const { code, words } = await findAsNobody(`unix://${socket}`);
    if (code !== 0) return t.skip(`the user nobody cannot read this checkout: ${words}`);
    assert.match(words, NO_PERMISSION);
    assert.match(words, ONE_LINE);
  });

  it("an engine on another machine, without asking it anything: it could take its time.", async () => {
    // TEST-NET-1 (RFC 5737): nobody answers there, and where there is a route to it nobody refuses either.
    const startedMs = performance.now();
    await refuses(
      { DOCKER_HOST: "tcp://192.0.2.1:2375" },
      /^the Docker engine is on another machine \(tcp:\/\/192\.0\.2\.1:2375\), expected one on this one: unset DOCKER_HOST/,
    );
    // It starts no process and opens no connection; 1 s is a busy machine's.
    assert.ok(performance.now() - startedMs < 1000, `${performance.now() - startedMs} ms`);
  });

  it("one behind ssh, whose user is not repeated.", async () => {
    await refuses(
      { DOCKER_HOST: "ssh://hush@192.0.2.1" },
      /^the Docker engine is on another machine \(ssh:\/\/192\.0\.2\.1\)/,
    );
  });

  it("an engine that takes the question and never answers, after 10 s.", async (t) => {
    const socket = await silentEngine(t, 0o777);
    const startedMs = performance.now();
    await refuses({ DOCKER_HOST: `unix://${socket}` }, /^no Docker engine answers at unix:.*engine\.sock: start it/);
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs > 9900 && tookMs < 13_000, `${tookMs} ms`);
  });

  it("an engine without the Compose plugin.", async (t) => {
    // Hides the plugin in ~/.docker; one that was installed for all users is found all the same.
    const env = { DOCKER_CONFIG: await scratchFolder(t) };
    if (!(await answers(["version"], env))) return t.skip("no Docker engine answers here");
    if (await answers(["compose", "version"], env)) return t.skip("Compose is installed for all users here");
    await refuses(
      env,
      /^Docker Compose is not installed, expected the plugin 2\.20 or newer: install docker-compose-plugin/,
    );
  });
});

test("An engine behind another user's socket is taken for a rootless one, as Podman's does not say so.", async (t) => {
  const real = "/var/run/docker.sock";
  if (noDocker || process.env.DOCKER_HOST || !existsSync(real) || !(await answers(["version"]))) {
    return t.skip("no Docker engine answers at its own socket here");
  }
  if (process.getuid?.() !== 0) return t.skip("only root can give a socket away");
  const socket = join(await scratchFolder(t), "engine.sock");
  const server = createSocketServer((client) => {
    const engine = connect(real);
    client.pipe(engine).pipe(client);
    for (const end of [client, engine]) end.on("error", () => [client, engine].map((one) => one.destroy()));
  }).listen(socket);
  t.after(() => server.close());
  await once(server, "listening");
  const env = { ...process.env, DOCKER_HOST: `unix://${socket}` };
  const { version } = await findEngine(undefined, env);
  assert.match(version, /^\d/);
  await chown(socket, 65_534, 65_534);
  await assert.rejects(findEngine(undefined, env), {
    message:
      "the Docker engine is rootless, or in a virtual machine: its containers cannot reach this machine; " +
      "use a rootful engine on it, or use --runtime native",
  });
});

test("An engine that answers is described: its version, Compose's, and whose network its bridges are in.", async (t) => {
  if (noDocker || !(await answers(["version"]))) return t.skip("no Docker engine answers here");
  const engine = await findEngine();
  assert.match(engine.version, /^\d+\.\d+/);
  assert.match(engine.composeVersion, /^[2-9]\.\d+/);
  if (process.platform === "darwin") assert.equal(engine.sharesNetwork, false, "a virtual machine's");
});

const NO_PERMISSION =
  /^no permission for the Docker engine at unix:.*engine\.sock: run sudo usermod -aG docker \S+ and log in again/;
const ONE_LINE = /^[^\n]+, or use --runtime native$/;

async function refuses(changes: Record<string, string>, line: RegExp): Promise<void> {
  await assert.rejects(findEngine(undefined, { ...process.env, DOCKER_HOST: "", ...changes }), (error: Error) => {
    assert.equal(error.name, "EnvironmentError");
    assert.match(error.message, line);
    assert.match(error.message, ONE_LINE);
    return true;
  });
}

/** A socket on which somebody listens, who says nothing. @returns its path, below 104 bytes as macOS wants it */
async function silentEngine(t: TestContext, mode: number): Promise<string> {
  const folder = await mkdtemp("/tmp/alb502-");
  await chmod(folder, 0o755);
  const socket = join(folder, "engine.sock");
  const server = createServer(() => {}).listen(socket);
  await once(server, "listening");
  await chmod(socket, mode);
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return socket;
}

/** findEngine in a process of the user nobody. @returns its words, and a code that is not 0 when that user cannot run it */
async function findAsNobody(host: string): Promise<{ code: unknown; words: string }> {
  const module = join(import.meta.dirname, "../../../src/stage/docker/engine.ts");
  const script = `
    const { findEngine } = await import(${JSON.stringify(module)});
    await findEngine().catch((error) => console.error(error.message));`;
  const [uid, gid] = (["-u", "-g"] as const).map((flag) => Number(execFileSync("id", [flag, "nobody"])));
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    cwd: join(import.meta.dirname, "../../.."),
    env: { PATH: process.env.PATH, HOME: "/nonexistent", DOCKER_HOST: host, TSX_DISABLE_CACHE: "1" },
    stdio: ["ignore", "ignore", "pipe"],
    uid: uid!,
    gid: gid!,
  });
  const closed = once(child, "close").catch((error: Error) => [error.message]);
  const [words, [code]] = await Promise.all([text(child.stderr), closed]);
  return { code, words: words.trim() };
}

const answers = (args: readonly string[], env: Record<string, string> = {}): Promise<boolean> =>
  promisify(execFile)("docker", args, { env: { ...process.env, ...env }, timeout: 10_000 }).then(
    () => true,
    () => false,
  );

function onPath(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
