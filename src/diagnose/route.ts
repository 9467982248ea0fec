/**
 * The path of a request line, `GET https://host:443/users/123?q HTTP/1.1`, with ids folded: "/users/:n". Queries stay
 * out: they may be secrets.
 */
export function routeOf(request: string): string {
  const scheme = request.indexOf("://");
  const slash = request.indexOf("/", scheme === -1 ? 0 : scheme + 3);
  if (slash === -1) return "-";
  const blank = request.indexOf(" ", scheme);
  if (scheme !== -1 && blank !== -1 && blank < slash) return "/"; // that slash is HTTP/1.1's
  // By hand, as this runs for every line of the log, and most paths have no id.
  let [end, segment, mayHaveId] = [slash, slash, false];
  for (; end < request.length; end++) {
    const code = request.charCodeAt(end);
    if (code === BLANK || code === QUESTION || code === SEMICOLON || code === HASH) break;
    if (code === SLASH) segment = end;
    else if ((code >= ZERO && code <= NINE) || end - segment > LONGEST_WORD) mayHaveId = true;
  }
  const path = request.slice(slash, end);
  return mayHaveId ? path.split("/").map(folded).join("/") : path;
}

/** A path ends at any of them: a path parameter (;jsessionid=...) may be a secret, too. */
const [BLANK, QUESTION, SEMICOLON, HASH] = [32, 63, 59, 35];
const [SLASH, ZERO, NINE] = [47, 48, 57];

const LONGEST_WORD = 24;

function folded(segment: string): string {
  if (/^\d+$/.test(segment)) return ":n";
  if (/^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i.test(segment)) return ":uuid";
  if (/^(?=.*\d)[\da-f]{8,}$/i.test(segment)) return ":hex";
  // Tokens are long; words with digits in them ("/v2", "/oauth2") stay.
  return segment.length > LONGEST_WORD || (/\d/.test(segment) && segment.length >= 12) ? ":id" : segment;
}
