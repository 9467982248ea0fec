import type { AppRequest } from "../record/request.ts";
import type { Answer } from "./answer.ts";
import { openConnection } from "./connection.ts";
import { getRequest, requestBytes } from "./request-bytes.ts";

/** How a connection ended that was left idle after one answered request. */
export interface IdleConnection extends Answer {
  /** FIN: closed in order. RST: reset. null: still open when the probe stopped waiting. */
  endedBy: "FIN" | "RST" | null;
  /** From the last byte of the response to that end, ms; how long it was watched when it is still open. */
  idleMs: number;
  /** The status of an answer that came unasked before the end, such as a 408; null without one. */
  unaskedStatus: number | null;
}

/**
 * Opens one connection to `url`, sends one request and watches the connection idle until the server closes it.
 * Resolves with null when there is no connection or no complete response.
 * @param request a GET of the URL's path and query where none is given
 * @param onAnswer called when the response has been read to its end
 */
export async function watchIdleConnection(
  url: URL,
  { signal, request = getRequest(url), onAnswer }: { signal: AbortSignal; request?: AppRequest; onAnswer?: () => void },
): Promise<IdleConnection | null> {
  const connection = openConnection(url, signal);
  const answered = await connection.ask(requestBytes(url, request), request.method);
  if (answered === null) {
    connection.close();
    return null;
  }
  onAnswer?.();
  const end = await connection.ended;
  const { atMs: answeredAt, ...answer } = answered;
  return {
    ...answer,
    endedBy: end.by,
    idleMs: end.atMs - answeredAt,
    unaskedStatus: connection.unaskedStatus(),
  };
}
