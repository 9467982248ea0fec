import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf } from "../../src/probe/answer.ts";
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
  ["Nor one whose status is none.", "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n", "no-http"],
  ["A length that is negative is not HTTP.", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", "no-http"],
  ["Nor is one with a sign, a blank or hexadecimal.", "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok", "no-http"],
  ["Nor one beyond all numbers.", `HTTP/1.1 200 OK\r\nContent-Length: ${"9".repeat(400)}\r\n\r\n`, "no-http"],
  ["A huge length is waited for.", "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\nok", "reading"],
  ["A chunk's size beyond all numbers is not HTTP.", chunked(`${"f".repeat(40)}\r\nok`), "no-http"],
  ["Nor is a negative one.", chunked("-2\r\nok\r\n"), "no-http"],
  ["Nor a chunk that is longer than its size.", chunked("2\r\noops\r\n0\r\n\r\n"), "no-http"],
  ["A NUL in a header is not HTTP.", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", "no-http"],
  ["Nor is a bare CR in the head.", "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n", "no-http"],
  ["Nor a line among headers without a colon.", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "no-http"],
  ["A switch of protocols was not asked for.", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "no-http"],
  ["A folded header goes on.", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "complete"],
  ["A head that is cut off is not whole.", "HTTP/1.1 200 OK\r\nContent-Le", "reading"],
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

/** The part of the answer that never ends; it must be given up before much of it is held. */
const floods: [says: string, begins: string, goesOn: string, flaw: RegExp][] = [
  ["a head's line", "HTTP/1.1 200 OK\r\nX: ", "x", /^has a head of more than 32 kB$/],
  ["headers", "HTTP/1.1 200 OK\r\n", "a: b\r\n", /^has a head of more than 32 kB$/],
  ["interim answers", "", "HTTP/1.1 103 Early Hints\r\n\r\n", /^has more than 100 interim answers/],
  ["interim heads", "", `HTTP/1.1 103 Early\r\nLink: ${"x".repeat(1000)}\r\n\r\n`, /^has a head of more than 32 kB$/],
  ["a chunk's size", chunked(""), "0", /^has a chunk's size that does not end$/],
  ["a chunk's extension", chunked("2;"), "x", /^has a chunk's size that does not end$/],
  ["trailers", chunked("0\r\n"), "a:b\r\n", /^has trailers of more than 32 kB$/],
  ["a trailer's line", chunked("0\r\n"), "\r", /^has trailers of more than 32 kB$/],
];

for (const [says, begins, goesOn, flaw] of floods) {
  test(`Endless ${says}: given up, in one piece or in many.`, () => {
    for (const piece of [goesOn, goesOn.repeat(Math.ceil(1_000_000 / goesOn.length))]) {
      const reader = createResponseReader("GET");
      reader.push(Buffer.from(begins, "latin1"));
      for (let sent = 0; sent < 1_000_000 && reader.state() === "reading"; sent += piece.length) {
        reader.push(Buffer.from(piece, "latin1"));
      }
      assert.deepEqual([reader.state(), reader.excess()], ["no-http", ""]);
      assert.match(reader.flaw() ?? "", flaw);
    }
  });
}

test("A body of any length is read without being held; its beginning and that of what follows are.", () => {
  const reader = createResponseReader("GET");
  reader.push(Buffer.from("HTTP/1.1 404 No\r\nContent-Length: 50000000\r\n\r\n"));
  for (let i = 0; i < 500; i++) reader.push(Buffer.alloc(100_000, "b"));
  assert.deepEqual([reader.state(), reader.body().length, reader.excess()], ["complete", 1024, ""]);
  for (let i = 0; i < 100; i++) reader.push(Buffer.alloc(100_000, "e"));
  assert.equal(reader.excess(), "e".repeat(1024));
});

test("Blanks without end in a value cost no more than other bytes.", () => {
  const beganMs = performance.now();
  for (const name of ["Content-Length", "Keep-Alive", "Transfer-Encoding", "X"]) {
    for (const value of [`1${" ".repeat(30_000)}2`, `1${" ,".repeat(15_000)}2`, `timeout${" ".repeat(30_000)}x`]) {
      const reader = createResponseReader("GET");
      reader.push(Buffer.from(`HTTP/1.1 200 OK\r\n${name}: ${value}\r\n\r\n`));
      const head = reader.head();
      if (head !== null) answerOf(head, false, "");
    }
  }
  assert.ok(performance.now() - beganMs < 2000);
});

test("A head that never ends is not HTTP, and is not kept forever.", () => {
  const reader = createResponseReader("GET");
  reader.push(Buffer.from(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(300_000)}`));
  assert.equal(reader.state(), "no-http");
});
