import { BEFORE_ARGUMENTS } from "../run/called.ts";
import { UsageError } from "../run/exit.ts";
import { quoted } from "./values.ts";

export const TARGET_URL_HELP = `  URL              http://localhost:3000/health, localhost:3000, 3000/health or just 3000; https is not verified, as an
                   ALB does not`;

/**
 * The URL of the user's own app, as people write it: "http://localhost:3000/health?x=1", "localhost:3000", "3000/health"
 * or "3000".
 * @param command how the command is called, for the hint: "npm run check"
 * @param starts whether a command that starts the app was given as well
 * @throws UsageError, one line, that never repeats a password
 */
export function parseTargetUrl(command: string, positionals: readonly string[], starts = false): URL {
  const [text, ...more] = positionals;
  const example = `e.g. ${command}${BEFORE_ARGUMENTS} http://localhost:3000`;
  if (text === undefined)
    throw starts ? portMissing(command) : new UsageError(`no URL of your app was given; ${example}`);
  if (beginsWithProgram(positionals)) throw portMissing(command);
  if (more.length > 0)
    throw new UsageError(
      `one URL is expected, and more came after it; quote what has blanks (--header "Name: value"); ${example}`,
    );
  const whole = inFull(text.trim());
  const url = parsed(whole);
  if (url === null) throw new UsageError(`${quoted(withoutSecrets(text))} is not an http or https URL; ${example}`);
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(`the URL of ${url.host} has credentials in it: give them as --header "Authorization: ..."`);
  }
  assertMeant(url, whole);
  return url;
}

/** Whether words are rather a command than a URL: "./mvnw", "npm start"; but a host may have no port, "web". */
export const beginsWithProgram = ([word = "", ...more]: readonly string[]): boolean =>
  /^\.{0,2}\//.test(word) || (more.length > 0 && /^(?:[\w.-]+\/\.?bin\/|(?!localhost$)[a-z_][\w-]*$)/i.test(word));

/** `check -- npm start`: the command is there, and nothing says where the app will listen. */
export const portMissing = (command: string): UsageError =>
  new UsageError(
    `no port was given where your app will listen: it comes before the command that starts it; e.g. ${command}${BEFORE_ARGUMENTS} 3000 -- npm start`,
  );

/** With its scheme and host, which may be left out: a port is one of this machine. */
function inFull(text: string): string {
  const here = /^:?(\d{1,5})(?=$|[/?#])/.exec(text);
  if (here) return `http://localhost:${text.replace(/^:/, "")}`;
  return text.includes("://") ? text : `http://${text}`;
}

function parsed(whole: string): URL | null {
  // "http:3000" would be a host of the name "http".
  if (/^http:\/\/https?:/i.test(whole)) return null;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  return url !== null && ["http:", "https:"].includes(url.protocol) && url.port !== "0" ? url : null;
}

/**
 * A URL's host may be written as a number: 3000 is 0.0.11.184, 010.0.0.1 is 8.0.0.1, 127.1 is 127.0.0.1 (WHATWG URL, the
 * IPv4 parser). Who writes that means something else, a port mostly, and a stranger would be sent the request.
 * @throws UsageError for such a host, and for an address that is nobody's
 */
function assertMeant(url: URL, whole: string): void {
  const read = /^\d+\.\d+\.\d+\.\d+$/.test(url.hostname);
  const written = hostOf(whole);
  const port = /^\d{1,5}$/.test(written) ? ` for port ${written} of this machine, give localhost:${written}` : "";
  if (read && written !== url.hostname) {
    const instead = port || ` give the address in four numbers, or a name`;
    throw new UsageError(`the host ${quoted(written)} would be read as the address ${url.hostname}:${instead}`);
  }
  if (isNobodys(url.hostname)) {
    throw new UsageError(
      `${url.hostname} is no address that an app can have: give localhost, or the app's own address`,
    );
  }
}

/** The host as it was written. */
function hostOf(whole: string): string {
  const authority = /^[^:]*:[/\\]*([^/\\?#]*)/.exec(whole)?.[1] ?? "";
  return authority
    .slice(authority.lastIndexOf("@") + 1)
    .replace(/:\d*$/, "")
    .replace(/\.$/, "");
}

/** 0.0.0.0/8 is "this network" (RFC 1122 section 3.2.1.3). 0.0.0.0 itself, where servers say they listen, is this machine. */
function isNobodys(hostname: string): boolean {
  // As URL writes it: [::ffff:0.0.11.184] is [::ffff:0:bb8].
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  if (mapped) return Number.parseInt(mapped[1]!, 16) < 0x100 && !(mapped[1] === "0" && mapped[2] === "0");
  return hostname.startsWith("0.") && /^[\d.]+$/.test(hostname) && hostname !== "0.0.0.0";
}

/** What stands before an @ or after a ? may be a secret. */
const withoutSecrets = (text: string): string => text.replace(/^.*@/s, "...@").replace(/\?.*$/s, "?...");
