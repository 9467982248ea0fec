// node dies-after-work.cjs PORT: executes each POST, counts it, and ends the connection before the first answer to it.
const http = require("node:http");

const counts = {};
http
  .createServer((request, response) => {
    if (request.method !== "POST")
      return void response.end(request.url === "/counts" ? JSON.stringify(counts) : "ok\n");
    counts[request.url] = (counts[request.url] ?? 0) + 1;
    request.resume();
    request.on("end", () => (counts[request.url] === 1 ? request.socket.destroy() : response.end("done\n")));
  })
  .listen(Number(process.argv[2]), "127.0.0.1");
