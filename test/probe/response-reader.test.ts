import assert from "node:assert/strict";
import { test } from "node:test";
import { createResponseReader } from "../../src/probe/response-reader.ts";

type End = "reading" | "until-close" | "complete" | "no-http";

const cases: [says: string, text: string, End, excess?: string, method?: string][] = [
  ["A body with a length ends with it.", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "complete"],
  ["Before its last byte it is not whole.", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", "reading"],
  ["A length of 0 ends with the head.", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "complete"],
  ["The same length twice is one.", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "complete"],
  [
    "Two different lengths are not HTTP.",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
    "no-http",
  ],
  ["Chunks end with an empty one.", chunked("2\r\nok\r\n0\r\n\r\n"), "complete"],
  ["Chunk extensions and trailers are skipped.", chunked("A;x=1\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n"), "complete"],
  ["A last chunk without its empty line is not whole.", chunked("2\r\nok\r\n0\r\n"), "reading"],
  ["A chunk without a size is not HTTP.", chunked("zz\r\n"), "no-http"],
  ["Chunks count, not a length beside them (RFC 9112 6.3).", chunked("0\r\n\r\n", "Content-Length: 9\r\n"), "complete"],
  ["Without framing it lasts until the close.", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\nwhatever", "until-close"],
  ["A 204 has no body.", "HTTP/1.1 204 No Content\r\n\r\n", "complete"],
  ["A 304 has none, whatever its length says.", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "complete"],
  ["Nor has the answer to a HEAD.", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "complete", "", "HEAD"],
  ["Interim answers are skipped.", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 Y\r\n\r\n", "complete"],
  ["What follows is kept apart.", "HTTP/1.1 204 Y\r\n\r\nHTTP/1.1 408 Z\r\n", "complete", "HTTP/1.1 408 Z\r\n"],
  ["Bare line feeds are accepted (RFC 9112 2.2).", "HTTP/1.0 200 OK\nContent-Length: 1\n\nx", "complete"],
  ["A banner of another protocol is not HTTP.", "SSH-2.0-OpenSSH_9.2\r\n", "no-http"],
  ["Nor is HTTP/2.", "\0\0\x12\x04\0\0\0\0\0", "no-http"],
  ["Nor a status line without a status.", "HTTP/1.1 OK\r\n\r\n", "no-http"],
];

function chunked(body: string, more = ""): string {
  return `HTTP/1.1 200 OK\r\n${more}Transfer-Encoding: gzip, Chunked\r\n\r\n${body}`;
}

for (const [says, text, state, excess = "", method = "GET"] of cases) {
  test(says, () => {
    const whole = createResponseReader(method);
    whole.push(Buffer.from(text, "latin1"));
    assert.deepEqual([whole.state(), whole.excess()], [state, excess]);

    const byByte = createResponseReader(method);
    for (const byte of Buffer.from(text, "latin1")) byByte.push(Buffer.of(byte));
    assert.deepEqual([byByte.state(), byByte.excess()], [state, excess], "byte by byte");
  });
}

test("Headers are found by name in lower case, and repeated ones are joined.", () => {
  const reader = createResponseReader("GET");
  reader.push(
    Buffer.from("HTTP/1.0 404 Not Found\r\nServer:  nginx \r\nVia: a\r\nvia: b\r\nContent-Length: 0\r\n\r\n"),
  );
  const { status, httpVersion, headers } = reader.head()!;
  assert.deepEqual([status, httpVersion, headers.get("server"), headers.get("via")], [404, "1.0", "nginx", "a, b"]);
});

test("A head that never ends is not HTTP, and is not kept forever.", () => {
  const reader = createResponseReader("GET");
  reader.push(Buffer.from(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(300_000)}`));
  assert.equal(reader.state(), "no-http");
});
