import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

/** How a connection that was left idle after one answered request came to its end. */
export interface IdleConnection {
  /** FIN: closed in order. RST: reset. null: still open when the probe stopped waiting. */
  endedBy: "FIN" | "RST" | null;
  /** From the last byte of the response to that end, ms; how long it was watched when it is still open. */
  idleMs: number;
  /** The response's status; null when none came. */
  status: number | null;
  /** What the `Keep-Alive: timeout=N` header promised, ms; null without one (RFC 2068 section 19.7.1.1). */
  claimedMs: number | null;
  /** The response announced `Connection: close`: no reuse, so no race. */
  announcedClose: boolean;
}

/**
 * Opens one connection to `url`, sends one request and watches the connection idle until the server closes it.
 * Resolves with null when no connection or no response can be had.
 * @param onAnswer called at the first byte of the response
 */
export function watchIdleConnection(
  url: URL,
  { signal, onAnswer }: { signal: AbortSignal; onAnswer?: () => void },
): Promise<IdleConnection | null> {
  return new Promise((resolve) => {
    let head = "";
    let answeredAt: number | null = null;
    const finish = (endedBy: IdleConnection["endedBy"]) => {
      signal.removeEventListener("abort", stopWatching);
      const idleMs = performance.now() - (answeredAt ?? 0);
      resolve(answeredAt === null ? null : { endedBy, idleMs, ...readHead(head) });
      socket.destroy();
    };
    const stopWatching = () => finish(null);
    const socket = open(url, () => socket.write(request(url)));
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      if (answeredAt === null) onAnswer?.();
      answeredAt = performance.now();
      if (!head.includes("\r\n\r\n")) head += chunk.toString("latin1");
    });
    socket.once("end", () => finish("FIN"));
    socket.once("error", () => finish("RST"));
    signal.addEventListener("abort", stopWatching, { once: true });
    if (signal.aborted) stopWatching();
  });
}

// Like an ALB, the https probe does not verify the target's certificate.
function open(url: URL, onConnect: () => void) {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol !== "https:") return connect(Number(url.port || 80), host, onConnect);
  const servername = host.includes(":") || /^[\d.]+$/.test(host) ? {} : { servername: host };
  return connectTls({ port: Number(url.port || 443), host, rejectUnauthorized: false, ...servername }, onConnect);
}

const request = (url: URL): string =>
  `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: alb502-probe\r\nAccept: */*\r\n\r\n`;

/** @param text the answer's beginning, with as much of the body as came with the head */
function readHead(text: string): Pick<IdleConnection, "status" | "claimedMs" | "announcedClose"> {
  const [head = ""] = text.split("\r\n\r\n", 1);
  const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1];
  const claimed = /^keep-alive:.*?timeout\s*=\s*(\d+)/im.exec(head)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    claimedMs: claimed === undefined ? null : Number(claimed) * 1000,
    announcedClose: /^connection:.*\bclose\b/im.test(head),
  };
}
