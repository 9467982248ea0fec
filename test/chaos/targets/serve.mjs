// serve.mjs: a server that behaves as its standard input says in the words of behaviour.ts, written on bare sockets, since no HTTP library would.
// It prints its port. SIGHUP: a reload, which closes all connections in one instant. SIGUSR2: `later` holds from now on.
import { createServer } from "node:net";
import { json } from "node:stream/consumers";

let behaviour = await json(process.stdin);
const connections = new Set();
let answered = 0;
let begun = false;

const server = createServer({ noDelay: true }, (socket) => {
  const connection = { socket, requests: 0, idleSince: performance.now(), timer: undefined, unread: "" };
  socket.on("error", () => {});
  socket.on("close", () => {
    clearTimeout(connection.timer);
    connections.delete(connection);
  });
  if (behaviour.refuses) return end(connection, behaviour.refuses === "reset");
  connections.add(connection);
  if (behaviour.ageMs !== undefined) setTimeout(() => end(connection), span(behaviour.ageMs)).unref();
  socket.on("data", (chunk) => read(connection, chunk));
});

server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
process.on("SIGHUP", reload);
process.on("SIGUSR2", change);
if (behaviour.tickMs !== undefined) setInterval(reap, behaviour.tickMs);

/** Requests come whole or not at all, with a Content-Length where they have a body. */
function read(connection, chunk) {
  connection.unread += chunk.toString("latin1");
  for (;;) {
    const head = connection.unread.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/^content-length: *(\d+)/im.exec(connection.unread.slice(0, head))?.[1] ?? 0);
    if (connection.unread.length < head + 4 + length) return;
    const method = connection.unread.slice(0, connection.unread.indexOf(" "));
    connection.unread = connection.unread.slice(head + 4 + length);
    begin();
    clearTimeout(connection.timer);
    connection.idleSince = Number.POSITIVE_INFINITY;
    if (behaviour.silent) return;
    setTimeout(() => answer(connection, method), behaviour.lateMs ?? 0);
  }
}

/** The first request starts the clock of what is to come. */
function begin() {
  if (begun) return;
  begun = true;
  if (behaviour.laterAfterMs !== undefined) setTimeout(change, behaviour.laterAfterMs);
  if (behaviour.reloadAfterMs !== undefined) setTimeout(reload, behaviour.reloadAfterMs);
}

async function answer(connection, method) {
  const { socket } = connection;
  connection.requests += 1;
  answered += 1;
  const how = behaviour.every && answered % behaviour.every === 0 ? { ...behaviour, ...behaviour.other } : behaviour;
  if (how.raw !== undefined) return answerRaw(connection, how);
  const last = how.requests !== undefined && connection.requests >= how.requests;
  const closes = (last && how.announces) || /^close$/i.test(how.headers?.Connection ?? "");
  const body = Buffer.alloc(how.bytes ?? 3, "ok\n");
  const headers = {
    ...(closes && { Connection: "close" }),
    "Content-Length": body.length,
    ...how.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`HTTP/${how.version ?? "1.1"} ${how.status ?? 200} Made\r\n${lines.join("")}\r\n`, "latin1");
  if (method === "HEAD") socket.write(head);
  else if (how.dripMs) await drip(socket, Buffer.concat([head, body]), how.dripMs);
  else socket.write(Buffer.concat([head, body]));
  if (closes || last || how.atOnce) return end(connection);
  rest(connection, how);
}

function answerRaw(connection, { raw, times = 1, after = "keep" }) {
  const { socket } = connection;
  socket.write(Buffer.from(raw.repeat(times), "latin1"), () => {
    if (after === "close") end(connection, false);
    if (after === "reset") end(connection, true);
  });
  if (after === "keep") rest(connection, behaviour);
}

async function drip(socket, bytes, ms) {
  const part = Math.ceil(bytes.length / 4);
  for (let at = 0; at < bytes.length; at += part) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    socket.write(bytes.subarray(at, at + part));
  }
}

/** It is idle from now on. */
function rest(connection, { idleMs, tickMs, keeps }) {
  connection.idleSince = performance.now();
  if (tickMs === undefined) connection.timer = setTimeout(() => endIdle(connection), span(idleMs));
  if (keeps === undefined) return;
  const idle = [...connections].filter(({ idleSince }) => Number.isFinite(idleSince));
  idle.sort((a, b) => a.idleSince - b.idleSince);
  for (const oldest of idle.slice(0, Math.max(0, idle.length - keeps))) end(oldest);
}

/** A coarse clock. */
function reap() {
  const idleMs = span(behaviour.idleMs);
  for (const one of connections) if (performance.now() - one.idleSince > idleMs) endIdle(one);
}

function endIdle(connection) {
  if (behaviour.lastWords) connection.socket.write(Buffer.from(behaviour.lastWords, "latin1"));
  end(connection);
}

/** Like a server that closes: a FIN, and no ear for what comes after it, so that the kernel answers that with RST. */
function end(connection, reset = behaviour.resets) {
  connections.delete(connection);
  if (reset) connection.socket.resetAndDestroy();
  else {
    connection.socket.end();
    connection.socket.destroySoon();
  }
}

function change() {
  behaviour = { ...behaviour, ...behaviour.later };
  for (const one of connections) {
    if (!Number.isFinite(one.idleSince) || behaviour.tickMs !== undefined) continue;
    clearTimeout(one.timer);
    one.timer = setTimeout(() => endIdle(one), span(behaviour.idleMs));
  }
}

function reload() {
  for (const one of connections) end(one);
  if (behaviour.downMs === undefined) return;
  const { port } = server.address();
  server.close();
  setTimeout(() => server.listen(port, "127.0.0.1"), behaviour.downMs);
}

const span = (ms) => (Array.isArray(ms) ? ms[0] + Math.random() * (ms[1] - ms[0]) : ms);
