// An app for --start: listens where PORT says, writes down its signals, and does what WHAT says.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

const { PORT, HOST, WHAT = "", SIGNALS, KEEP_MS = "1000", TOKEN } = process.env;
const note = (text) => SIGNALS && appendFileSync(SIGNALS, `${text}\n`);

if (WHAT === "throws") throw new Error("no database \u001b[31mhere\u001b[0m\n::error::not for GitHub");
const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url} ${request.headers["x-secret"] ?? ""} ${TOKEN ?? ""}`);
  if (request.url === "/dies") setTimeout(() => process.exit(9), 1500);
  response.end("ok\n");
});
server.keepAliveTimeout = Number(KEEP_MS);
server.listen(Number(PORT), HOST, () => {
  console.log(`listening on port ${PORT}`);
  note(`pid ${process.pid}`);
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => {
    note(signal);
    if (WHAT !== "stays") process.exit(0);
  });
}
