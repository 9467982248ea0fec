// The gateway of report E: a Node proxy that pools sockets with agentkeepalive and turns ECONNRESET into a 502.
// node gateway.cjs PORT GUARD_HOST GUARD_PORT NODES FREE_SOCKET_MS; CommonJS, so that old Nodes run it, too.
// biome-ignore lint/style/useNodejsImportProtocol: Node 8 and 12.18 do not know it
const http = require("http");
const Agent = require("agentkeepalive");

const [port, host, guardPort, nodes, freeSocketTimeout] = process.argv.slice(2);
const agents = [];
while (agents.length < Number(nodes)) {
  agents.push(new Agent({ freeSocketTimeout: Number(freeSocketTimeout), timeout: 120000, maxSockets: 10 }));
}

const server = http.createServer((incoming, answer) => {
  const agent = agents[(Number(incoming.headers["x-lb-node"]) || 1) - 1];
  const headers = Object.assign({}, incoming.headers, { connection: "keep-alive" });
  const onwards = http.request({ host, port: guardPort, method: incoming.method, path: incoming.url, agent, headers });
  onwards.on("response", (theirs) => {
    const kept = Object.assign({}, theirs.headers);
    // Between the gateway and the target only.
    for (const name of ["connection", "keep-alive", "transfer-encoding"]) delete kept[name];
    kept["x-up"] = String(theirs.socket.localPort);
    answer.writeHead(theirs.statusCode, kept);
    theirs.pipe(answer);
  });
  onwards.on("error", (error) => {
    console.log(JSON.stringify({ gateway: error.code, message: error.message }));
    if (!answer.headersSent) answer.writeHead(502, { "content-type": "text/plain" });
    answer.end("bad gateway\n");
  });
  incoming.pipe(onwards);
});
server.keepAliveTimeout = 0; // no race of its own on the other side
server.listen(Number(port), "127.0.0.1");
