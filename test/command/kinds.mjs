// kinds.mjs PORT KIND: servers that end connections otherwise than by a plain idle timeout, for the tests of probe and check.
import { createServer } from "node:net";

const [port, kind] = process.argv.slice(2);
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
const open = new Set();
let connections = 0;
let requests = 0;

const server = createServer((socket) => {
  const one = { socket, number: connections++, served: 0, idleSinceMs: performance.now(), timer: null };
  open.add(one);
  socket.on("error", () => {});
  socket.on("close", () => open.delete(one));
  if (kind === "age") setTimeout(() => socket.end(), 6000);
  socket.on("data", (head) => answer(one, `${head}`));
});

/** Closes after `ms` without a request, by a timer of the connection's own. */
function endAfter(one, ms, last = "") {
  clearTimeout(one.timer);
  one.timer = setTimeout(() => one.socket.end(last), ms);
}

function answer(one, head) {
  const { socket, number } = one;
  if (requests++ === 0) began();
  one.served++;
  one.idleSinceMs = performance.now();
  switch (kind) {
    case "closes-on-401":
      if (/^authorization:/im.test(head)) socket.write(`${OK}\r\nok`);
      else socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
      return;
    case "limit":
      socket.write(`${OK}\r\nok`);
      if (one.served === 20) socket.end();
      return;
    case "claims-5-s":
      socket.write(`${OK}Keep-Alive: timeout=5\r\n\r\nok`);
      return;
    case "keeps-five":
      // As cheroot does: the others are answered, and their close is announced.
      if ([...open].filter((other) => other.kept).length < 5) one.kept = true;
      socket.write(`${OK}${one.kept ? "" : "Connection: close\r\n"}\r\nok`);
      if (one.kept) endAfter(one, 2000);
      else socket.end();
      return;
    case "some":
      socket.write(`${OK}\r\nok`);
      if (number % 3 === 0) endAfter(one, 1500);
      return;
    case "says-408":
      socket.write(`${OK}\r\nok`);
      endAfter(one, 2000, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    case "max-four":
      socket.write(`${OK}\r\nok`);
      endAfter(one, 2000);
      return;
    default:
      socket.write(`${OK}\r\nok`);
  }
}

// One of the clocks that look now and then: every 4 s, for what has been idle for 8.5 s.
if (kind === "ticks") {
  setInterval(() => {
    for (const { socket, idleSinceMs } of open) if (performance.now() - idleSinceMs > 8500) socket.end();
  }, 4000);
}
const restartMs = /^restarts-after-(\d+)$/.exec(kind)?.[1];
const endMs = /^ends-after-(\d+)$/.exec(kind)?.[1];

/** From the first request on: who only looks whether it listens sends none. */
function began() {
  if (endMs) setTimeout(() => process.exit(), Number(endMs));
  if (restartMs) {
    setTimeout(() => {
      for (const { socket } of open) socket.destroy();
    }, Number(restartMs));
  }
}

server.listen(Number(port), "127.0.0.1");
if (kind === "max-four") server.maxConnections = 4;
