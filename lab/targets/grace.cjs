// node grace.cjs PORT: when a connection's keep-alive timer is up, it is closed only if nothing has come in by then.
const http = require("node:http");

const server = http.createServer((_request, response) => response.end("ok\n"));
// With a listener Node leaves the socket to it.
server.on("timeout", (socket) => {
  const { bytesRead } = socket;
  // After the sockets have been read: libuv runs timers before it polls.
  setImmediate(() => {
    if (socket.bytesRead === bytesRead) socket.end();
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
