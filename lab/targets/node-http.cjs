// The smallest node:http server: node node-http.cjs PORT SETTINGS_AS_JSON. CommonJS and old words: Node 8 runs it, too.
// biome-ignore lint/style/useNodejsImportProtocol: Node 8 and 12.18 do not know it
const http = require("http");

const server = http.createServer((request, response) => {
  // Read to its end first: a body that is left unread has some versions close the connection.
  request.on("end", () => {
    response.setHeader("Content-Type", "text/plain");
    response.end("ok\n");
  });
  request.resume();
});
const settings = JSON.parse(process.argv[3] || "{}");
for (const name of Object.keys(settings)) server[name] = settings[name];
server.listen(Number(process.argv[2]), "127.0.0.1");
