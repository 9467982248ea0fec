import { routeOf } from "./route.ts";

/** Which requests are wanted; an empty list and null stand for all. */
export interface Filter {
  fromMs: number | null;
  /** The first moment that is not wanted any more. */
  toMs: number | null;
  /** Address and port, or an address with any port. */
  targets: readonly string[];
  /** As results show them, or paths of them; a star at the end stands for anything. */
  routes: readonly string[];
}

/** Tells for each request, by its time, target and route, whether it is wanted; null where all are. */
export function wantedBy({
  fromMs,
  toMs,
  targets,
  routes,
}: Filter): ((atMs: number, target: string, route: string) => boolean) | null {
  if (fromMs === null && toMs === null && targets.length === 0 && routes.length === 0) return null;
  const [from, to] = [fromMs ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY];
  const routeTests = routes.map(routeTest);
  return (atMs, target, route) =>
    atMs >= from &&
    atMs < to &&
    (targets.length === 0 || targets.some((one) => target === one || target.startsWith(`${one}:`))) &&
    (routeTests.length === 0 || routeTests.some((test) => test(route)));
}

function routeTest(given: string): (route: string) => boolean {
  if (given.endsWith("*")) return (route) => route.startsWith(given.slice(0, -1));
  const folded = given.startsWith("/") ? routeOf(`GET http://h${given} HTTP/1.1`) : given;
  return (route) => route === folded;
}
