import { UsageError } from "../run/exit.ts";

/**
 * The path and query that are asked for: the URL's own, or --path's, which may lack its first slash.
 * The probe and k6 have to send the same bytes: Go, which k6 is made of, sends no fragment, escapes some characters of a
 * path, and refuses a % without two digits (net/url).
 * @throws UsageError for what is not a path on the target
 */
export function pathOf(url: URL, given: string | undefined): string {
  return given === undefined
    ? escaped("the URL's path", `${url.pathname}${url.search}`)
    : escaped("--path", read(given));
}

function read(given: string): string {
  if (/^https?:\/\//i.test(given))
    throw new UsageError("--path is a whole URL: give its path alone; e.g. --path /health");
  if (given === "" || /[^\x21-\x7e]/.test(given)) {
    throw new UsageError(
      "--path is empty, or has a blank or another character in it that no path may hold; e.g. --path /health, %20 for a blank",
    );
  }
  if (given.includes("#")) {
    throw new UsageError("--path has a # in it: what follows one stays in the browser and is never sent; leave it out");
  }
  return given.startsWith("/") ? given : `/${given}`;
}

function escaped(what: string, text: string): string {
  const [, path = "", query = ""] = /^([^?]*)(.*)$/s.exec(text) ?? [];
  if (/%(?![0-9a-f]{2})/i.test(path)) {
    throw new UsageError(
      `${what} has a % in it without two hexadecimal digits after it: write %25 for the character itself`,
    );
  }
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return `${path.replace(/["<>\\^`{|}]/g, percent)}${query}`;
}
