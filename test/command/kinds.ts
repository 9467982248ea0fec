import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startProcess } from "../../src/run/process.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { waitUntilReady } from "../../src/stage/wait-until-ready.ts";

/** A server of kinds.mjs in a process of its own. The connection that finds it ready ends before it is told apart. */
export async function startKind(t: TestContext, kind: string): Promise<string> {
  const [port] = (await freePorts(1)) as [number];
  const args = [join(import.meta.dirname, "kinds.mjs"), `${port}`, kind];
  const server = await startProcess({ name: kind, command: process.execPath, args });
  t.after(() => server.stop());
  const accepts = async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect").finally(() => socket.destroy());
    return true;
  };
  await waitUntilReady(server, accepts, { signal: AbortSignal.timeout(10_000) });
  return `http://127.0.0.1:${port}`;
}
