import { endpointOf } from "../record/endpoint.ts";
import type { AppRequest } from "../record/request.ts";
import { pathOnly } from "../record/request.ts";
import { abortAfter } from "../run/abort-after.ts";
import { UsageError } from "../run/exit.ts";
import { type Connection, type End, openConnection, type TimedAnswer } from "./connection.ts";
import { isHttp2, speaksHttp2 } from "./http2.ts";
import { getRequest, requestBytes } from "./request-bytes.ts";

/** Whom to ask for what, and how long to wait for the whole answer. */
export interface Question {
  url: URL;
  request: AppRequest;
  withinMs: number;
  signal: AbortSignal;
  /** Whether a server whose certificate is not trusted is asked nothing: an LB, as its clients see it. Not a target. */
  verifies?: boolean;
}

/**
 * The answer to one request, on a connection of its own.
 * @throws UsageError that says why there is none: nothing listens there, it does not speak HTTP/1.x, it expects TLS ...
 */
export async function firstContact(question: Question): Promise<TimedAnswer> {
  const { answer, connection, timedOut } = await ask(question);
  if (answer === null) {
    question.signal.throwIfAborted();
    throw new UsageError(await (timedOut ? whyLate : whyNone)(question, connection));
  }
  // nginx, Go and Apache answer 400 to plain HTTP on a TLS port, and close each connection.
  if (answer.status === 400 && (await speaksTls(question))) throw new UsageError(tlsExpected(question.url));
  if (refusesHttp1(answer) && (await speaksHttp2(question.url, soon(question.signal)))) {
    throw new UsageError(http2Only(question.url));
  }
  return answer;
}

/**
 * As servers of HTTP/2 alone may answer HTTP/1.1: Node with HTTP/1.0 403 "Missing ALPN Protocol", Kestrel with 400 "An
 * HTTP/1.x request was sent to an HTTP/2 only endpoint". No server of both answers in HTTP/1.0.
 */
const refusesHttp1 = ({ httpVersion, status, errorBody = "" }: TimedAnswer): boolean =>
  status === 505 || (status >= 400 && (httpVersion === "1.0" || /ALPN|\bh2c?\b|HTTP\/?2|HTTP\/1\.x/i.test(errorBody)));

/** An LB waits as long for an answer as it keeps an idle connection (then: 504); people do not. */
export const MAX_ANSWER_MS = 30_000;

/** Whether it (still) answers one request. */
export const answers = async (question: Question): Promise<boolean> => (await ask(question)).answer !== null;

/** Whether it still answers, and not with an error of its own where it had none before: a dying app may say 503. */
export async function answersAsBefore(question: Question, before: Pick<TimedAnswer, "status">): Promise<boolean> {
  const { answer } = await ask(question);
  return answer !== null && (answer.status < 500 || before.status >= 500);
}

async function ask({ url, request, withinMs, signal, verifies = false }: Question) {
  const late = AbortSignal.timeout(withinMs);
  const connection = openConnection(url, AbortSignal.any([signal, late]), endpointOf(url), { verifies });
  // Not written ahead: what was, may be sent as soon as the handshake is over, whatever is found of its certificate.
  if (verifies) await connection.ready;
  const answer = await connection.ask(requestBytes(url, request), request.method);
  connection.close();
  return { answer, connection, timedOut: answer === null && late.aborted };
}

async function whyLate(question: Question, connection: Connection): Promise<string> {
  const { url, request, withinMs, signal } = question;
  const seconds = `${withinMs / 1000} s`;
  const asked = `${request.method} ${pathOnly(request.path)}`;
  const bytes = connection.firstBytes();
  if (isHttp2(bytes)) return http2Only(url);
  if (bytes !== "" && !bytes.startsWith("HTTP/1.")) return noHttp(url);
  if (bytes === "" && (await speaksTls(question))) return tlsExpected(url);
  if (bytes === "" && url.protocol === "https:" && (await speaksHttp(question))) return noTls(url);
  if (bytes === "" && (await speaksHttp2(url, soon(signal)))) return http2Only(url);
  if (bytes !== "") {
    return `the answer of ${nameOf(url)} to ${asked} did not end within ${seconds}: give a --path whose answer ends`;
  }
  return `${nameOf(url)} did not answer ${asked} within ${seconds}: check that this is your app's port, or give another --path`;
}

async function whyNone(question: Question, connection: Connection): Promise<string> {
  const { url, signal } = question;
  const bytes = connection.firstBytes();
  if ((await connection.ready) === null) return notConnected(question, await connection.ended);
  // A TLS alert, which is what some servers answer to plain HTTP (RFC 8446 section 5.1).
  if (bytes.startsWith("\x15\x03") || (bytes === "" && (await speaksTls(question)))) return tlsExpected(url);
  if (isHttp2(bytes) || (!bytes.startsWith("HTTP/1.") && (await speaksHttp2(url, soon(signal))))) return http2Only(url);
  if (bytes === "" && /CERTIFICATE/.test((await connection.ended).error?.code ?? "")) {
    return `${nameOf(url)} asks for a client's certificate, which alb502 has none of: give a port that asks for none`;
  }
  if (bytes === "") {
    return `${nameOf(url)} closed the connection without an answer: expected an HTTP/1.1 server; check that this is your app's port`;
  }
  if (!bytes.startsWith("HTTP/1.")) return noHttp(url);
  const flaw = connection.flaw();
  if (flaw !== null) {
    return `the answer of ${nameOf(url)} is not one that a load balancer would pass on: it ${flaw}; mend it, or give another --path`;
  }
  return `${nameOf(url)} broke off its answer to ${question.request.method} in the middle: see your app's log`;
}

async function notConnected(question: Question, { error }: End): Promise<string> {
  const { url } = question;
  const name = nameOf(url);
  const code = error?.code ?? "no connection";
  if (code === "ECONNREFUSED") {
    return `nothing listens at ${name} (${code}): start your app, or give the port it listens on; --start CMD starts it too`;
  }
  if (["ENOTFOUND", "EAI_AGAIN"].includes(code)) {
    return `no address is known for ${url.hostname} (${code}): check the name in the URL`;
  }
  if (["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"].includes(code)) {
    return `${name} cannot be reached (${code}): check the URL, and that nothing between here and there blocks it`;
  }
  if (question.verifies && isUntrusted(code)) return untrusted(name, code);
  if (url.protocol !== "https:") return `the connection to ${name} failed (${code}): check the URL and your app's log`;
  if (await speaksHttp(question)) return noTls(url);
  for (const scheme of [url, otherScheme(url)]) {
    if (await speaksHttp2(scheme, soon(question.signal))) return http2Only(url);
  }
  return `the TLS handshake with ${name} failed (${code}): check the URL and your app's log`;
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes, OpenSSL's, and Node's own two. */
const isUntrusted = (code: string): boolean =>
  code === "ERR_TLS_CERT_ALTNAME_INVALID" ||
  code === "HOSTNAME_MISMATCH" ||
  /^(CERT|CRL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|INVALID_(CA|PURPOSE)|PATH_LENGTH)/.test(
    code,
  );

const untrusted = (name: string, code: string): string =>
  `the certificate of ${name} is not trusted (${code}), and nothing was sent: name its CA's file in NODE_EXTRA_CA_CERTS, or add --insecure to send all the same`;

const tlsExpected = (url: URL): string =>
  `${nameOf(url)} speaks TLS, and the URL says http://: give https://${nameOf(url)}`;

const noTls = (url: URL): string => `${nameOf(url)} speaks no TLS, which https:// expects: give http://${nameOf(url)}`;

const http2Only = (url: URL): string =>
  `${nameOf(url)} speaks HTTP/2 only, and load balancers speak HTTP/1.1 to their targets unless they are told otherwise: give a port that speaks HTTP/1.1, or turn that on`;

const noHttp = (url: URL): string =>
  `what listens at ${nameOf(url)} speaks no HTTP/1.x: give the port of your app's HTTP server`;

async function speaksTls({ url, signal }: Question): Promise<boolean> {
  if (url.protocol === "https:") return false;
  const connection = openConnection(otherScheme(url), soon(signal));
  const readyAtMs = await connection.ready;
  connection.close();
  return readyAtMs !== null;
}

/** Asked for its root, without any header: what was meant for TLS must not go over the wire in the clear. */
async function speaksHttp({ url, signal }: Question): Promise<boolean> {
  const plain = otherScheme(url);
  const connection = openConnection(plain, soon(signal));
  await connection.ask(requestBytes(plain, getRequest(plain)), "GET");
  connection.close();
  return connection.firstBytes().startsWith("HTTP/1.");
}

const soon = (signal: AbortSignal): AbortSignal => abortAfter(2000, signal);

function otherScheme(url: URL): URL {
  return new URL(`${url.protocol === "https:" ? "http" : "https"}://${nameOf(url)}/`);
}

/** host:port, never a path or a query. */
function nameOf(url: URL): string {
  const { port } = endpointOf(url);
  return `${url.hostname}:${port}`;
}
