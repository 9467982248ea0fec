import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { openRaw, type RawConnection } from "../target-app/raw-connection.ts";

/** One user of the LB with one client connection, kept until the test ends. */
export interface User {
  /** @throws AssertionError when the connection ends without a whole response */
  send(request?: Request): Promise<Answer>;
  /** The LB has not closed its connection. */
  isConnected(): boolean;
}

export interface Request {
  method?: "GET" | "POST";
  /** The LB node to go through; they take turns when left out. */
  node?: number;
  /** X-Request-Id; the LB makes one when left out. */
  id?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** X-Up: the LB's connection to the target that carried it. */
  up: string | undefined;
  /** When its last byte came, performance.now(). */
  atMs: number;
}

export async function connectUser(t: TestContext, { port }: { port: number }): Promise<User> {
  const connection = await openRaw(port);
  const { socket } = connection;
  socket.setNoDelay(true);
  t.after(() => void socket.destroy());
  return {
    send: (request = {}) => send(connection, request),
    isConnected: () => socket.readable && !socket.readableEnded && !socket.closed,
  };
}

/** `count` users, each with a connection of its own. */
export const connectUsers = (t: TestContext, lb: { port: number }, count: number): Promise<User[]> =>
  Promise.all(Array.from({ length: count }, () => connectUser(t, lb)));

async function send(connection: RawConnection, { method = "GET", node, id }: Request): Promise<Answer> {
  const body = method === "POST" ? "alb502" : "";
  const lines = [
    `${method} /path HTTP/1.1`,
    "Host: lb",
    ...(node === undefined ? [] : [`X-Lb-Node: ${node}`]),
    ...(id === undefined ? [] : [`X-Request-Id: ${id}`]),
    ...(body === "" ? [] : [`Content-Length: ${body.length}`]),
  ];
  const { text, atMs } = await connection.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
  assert.ok(text !== null, "the LB closed the client's connection without a byte");
  return { ...parse(text), atMs };
}

function parse(text: string): Omit<Answer, "atMs"> {
  const [head, ...rest] = text.split("\r\n\r\n");
  const [statusLine, ...fields] = head!.split("\r\n");
  const headers = Object.fromEntries(
    fields.map((field) => [field.slice(0, field.indexOf(":")).toLowerCase(), field.slice(field.indexOf(":") + 2)]),
  );
  return { status: Number(statusLine!.split(" ")[1]), headers, body: rest.join("\r\n\r\n"), up: headers["x-up"] };
}
