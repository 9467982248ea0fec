import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { Pool } from "../../src/stage/lb.ts";
import type { Lab } from "../lab.ts";
import { haproxyPool } from "./haproxy.ts";

/** An LB with two targets that are deregistered and registered while it runs, as a deploy does at an ALB. */
export interface RegisteringPool {
  pool: Pool;
  /**
   * Deregistered, a target gets no new requests, and those that it has are answered.
   * @param i 0: the target behind the network, 1: the other one
   */
  register(i: number, registered: boolean): Promise<void>;
}

/** @param other host:port of the second target; the first one is behind the network */
export function registeringPool(lab: Lab, other: string): RegisteringPool {
  let socket = "";
  let nodes = 0;
  const pool = haproxyPool(
    lab,
    "with two registered targets",
    (_node, { guard }) => ["balance roundrobin", ...[guard, other].map((host, i) => `server target${i + 1} ${host}`)],
    (folder) => [`stats socket ${join(folder, SOCKET)} mode 600 level admin`],
  );
  return {
    pool: {
      ...pool,
      start(run, place) {
        socket = join(place.folder, SOCKET);
        nodes = place.nodes;
        return pool.start(run, place);
      },
    },
    async register(i, registered) {
      const state = registered ? "ready" : "drain";
      await ask(
        socket,
        Array.from({ length: nodes }, (_, node) => `set server node${node + 1}/target${i + 1} state ${state}`),
      );
    },
  };
}

/** Short, as a Unix socket's path may have 104 bytes. */
const SOCKET = "admin.sock";

/** @throws Error with HAProxy's words where it does not obey: it says nothing where it does */
async function ask(socket: string, commands: readonly string[]): Promise<void> {
  const connection = connect(socket);
  const answer: Buffer[] = [];
  connection.on("data", (bytes) => void answer.push(bytes));
  connection.end(`${commands.join("; ")}\n`);
  await once(connection, "close");
  const said = Buffer.concat(answer).toString().trim();
  if (said !== "") throw new Error(`HAProxy: ${said}`);
}
