import type { Tells } from "../record/tells.ts";
import { printable } from "./printable.ts";

/** What an answer says of who made it; null = no such header. */
export interface Answering {
  server: string | null;
  poweredBy: string | null;
  tells?: Tells | undefined;
}

/**
 * Whether something else than the app answered: a proxy, an LB, a CDN or a cache. Whole sentences, empty where nothing tells
 * of one: most reverse proxies hide themselves no less than the app does.
 */
export function inBetween(answer: Answering): string[] {
  return [...proxySentence(answer), ...cacheSentence(answer.tells?.marks ?? {})];
}

function proxySentence({ server, poweredBy, tells }: Answering): string[] {
  const known = PROXIES.find(([pattern]) => server !== null && pattern.test(server));
  const marks = tells?.marks ?? {};
  const headers = MARKS.filter((name) => marks[name.toLowerCase()] !== undefined);
  if (known === undefined && headers.length === 0) return [];
  const said = [
    ...(known ? [`Server: ${printable(server)}`] : []),
    ...headers.map((name) => `${name}: ${printable(marks[name.toLowerCase()] ?? "")}`),
  ];
  const who = known?.[1] ?? "a proxy";
  const may = known?.[2] === "may be the target" && headers.length === 0 && poweredBy === null;
  const begin = may
    ? `${capitalised(who)} answers (${said.join(", ")}): where it passes requests on to an app,`
    : `${capitalised(who)} answers in the app's place (${said.join(", ")}):`;
  return [`${begin} this measures the proxy; the app behind is another hop, to be probed at its own port.`];
}

function cacheSentence(marks: Tells["marks"]): string[] {
  const hit = CACHES.find(([name, isHit]) => isHit.test(marks[name.toLowerCase()] ?? ""));
  const seen = hit ?? CACHES.find(([name]) => marks[name.toLowerCase()] !== undefined);
  if (seen === undefined) return [];
  const header = `${seen[0]}: ${printable(marks[seen[0].toLowerCase()] ?? "")}`;
  return [
    hit
      ? `A cache answered (${header}), and cached answers never reach the target: give a --path that nobody caches.`
      : `A cache stands in between (${header}): cached answers never reach the target, and say nothing about it.`,
  ];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** By their Server header. Some are as often the target itself, with files or an app of its own. */
const PROXIES: readonly (readonly [server: RegExp, name: string, role?: "may be the target"])[] = [
  [/^awselb\b/i, "an AWS load balancer"],
  [/^cloudflare\b/i, "Cloudflare"],
  [/^cloudfront\b/i, "CloudFront"],
  [/^(gse|gws|esf|google frontend|gfe)\b/i, "Google's front end"],
  [/^(istio-)?envoy\b/i, "Envoy"],
  [/^(nginx|openresty|tengine)\b/i, "nginx", "may be the target"],
  [/^caddy\b/i, "Caddy", "may be the target"],
  [/^litespeed\b/i, "LiteSpeed", "may be the target"],
  [/^akamai/i, "Akamai"],
  [/^varnish\b/i, "Varnish"],
  [/^squid\b/i, "Squid"],
  [/^(ats\b|apachetrafficserver)/i, "Apache Traffic Server"],
  [/^haproxy\b/i, "HAProxy"],
  [/^traefik\b/i, "Traefik"],
  [/^kong\b/i, "Kong"],
  [/^bigip\b/i, "BIG-IP"],
  [/^microsoft-azure-application-gateway\b/i, "Azure's Application Gateway"],
  [/^(vercel|netlify|fly|heroku|render|bunnycdn|keycdn|sucuri|imperva|ddos-guard|stackpath)\b/i, "a CDN"],
];

/** Other headers that only what stands in between sends. */
const MARKS = ["Via", "CF-Ray", "X-Amz-Cf-Id", "X-Served-By", "X-Varnish", "X-Envoy-Upstream-Service-Time"] as const;

/** Headers of caches, and what a cached answer has in them (Age: RFC 9111 section 5.1). */
const CACHES: readonly (readonly [name: string, hit: RegExp])[] = [
  ["Age", /^\d+$/],
  ["X-Cache", /\bhit\b/i],
  ["CF-Cache-Status", /^(hit|stale|updating|revalidated)$/i],
  ["X-Varnish", /^\d+ \d+$/],
  ["X-Cache-Hits", /[1-9]/],
];
