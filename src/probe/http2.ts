import { endpointOf } from "../record/endpoint.ts";
import { dial } from "./connection.ts";

/** Whether the server there speaks HTTP/2: over TLS by its ALPN, else by prior knowledge (RFC 9113 section 3). */
export function speaksHttp2(url: URL, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const isTls = url.protocol === "https:";
    let bytes = "";
    const socket = dial(url, endpointOf(url), {
      alpn: ["h2"],
      onReady() {
        if (isTls) end("alpnProtocol" in socket && socket.alpnProtocol === "h2");
        else socket.write(PREFACE);
      },
    });
    const end = (speaks: boolean) => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve(speaks);
    };
    const stop = () => end(false);
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.toString("latin1", 0, FRAME_HEAD_BYTES);
      if (bytes.length >= FRAME_HEAD_BYTES) end(isHttp2(bytes));
    });
    socket.on("error", stop);
    socket.once("close", stop);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

/**
 * Whether bytes (as ISO 8859-1) begin with a frame of HTTP/2 that a server may begin with: SETTINGS or, where it has had
 * enough already, GOAWAY, each of the whole connection, stream 0 (RFC 9113 sections 4.1, 6.5 and 6.8).
 */
export function isHttp2(bytes: string): boolean {
  const [high, middle, low, type] = [...bytes.slice(0, 4)].map((byte) => byte.charCodeAt(0));
  if (bytes.length < FRAME_HEAD_BYTES || bytes.slice(5, FRAME_HEAD_BYTES) !== "\0\0\0\0" || high !== 0) return false;
  const length = middle! * 256 + low!;
  return (type === SETTINGS && length % 6 === 0) || (type === GOAWAY && length >= 8);
}

const FRAME_HEAD_BYTES = 9;
const SETTINGS = 4;
const GOAWAY = 7;

/** A client's connection preface, with settings that change nothing (RFC 9113 section 3.4). */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");
