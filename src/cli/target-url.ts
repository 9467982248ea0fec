import { UsageError } from "../run/exit.ts";

export const TARGET_URL_HELP = `  URL              http://localhost:3000/health, localhost:3000 or just 3000; https is not verified, as an ALB does not`;

/**
 * The URL of the user's own app, as people write it: "http://localhost:3000/health?x=1", "localhost:3000" or "3000".
 * @param command how the command is called, for the hint: "npm run check"
 * @throws UsageError, one line, that never repeats a password
 */
export function parseTargetUrl(command: string, positionals: readonly string[]): URL {
  const [text, ...more] = positionals;
  const example = `e.g. ${command} -- http://localhost:3000`;
  if (text === undefined) throw new UsageError(`no URL of your app was given; ${example}`);
  if (more.length > 0)
    throw new UsageError(
      `one URL is expected, and more came after it; quote what has blanks (--header "Name: value"); ${example}`,
    );
  const url = parsed(text);
  if (url === null) throw new UsageError(`"${withoutSecrets(text)}" is not an http or https URL; ${example}`);
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(`the URL of ${url.host} has credentials in it: give them as --header "Authorization: ..."`);
  }
  return url;
}

function parsed(text: string): URL | null {
  const whole = /^\d{1,5}$/.test(text) ? `http://localhost:${text}` : text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  return url !== null && ["http:", "https:"].includes(url.protocol) && url.port !== "0" ? url : null;
}

/** What stands before an @ or after a ? may be a secret. */
const withoutSecrets = (text: string): string => text.replace(/^.*@/s, "...@").replace(/\?.*$/s, "?...");
