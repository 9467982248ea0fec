import { isOk } from "../../scenarios/lib/ok-status.ts";

/**
 * Why a close that was announced with this answer tells nothing of the others: servers and proxies close after an error
 * that keep their good answers' connections alive. null for 2xx and 3xx, and for what the user named as good.
 * @param named statuses, or classes of them, that --ok-status gives
 */
export function announcedWithError(status: number | null, named: readonly string[]): string | null {
  if (status === null || isSuccess(status) || isOk(status, named)) return null;
  return `It answered ${status} and announced the close with it, which many servers do after an error only: nothing was learnt of its good answers. ${whatToGive(status)}, or --ok-status ${status} if that is what it always answers.`;
}

/** What an answer that is no 2xx leaves open; null for a 2xx. */
export function answeredOtherwise(status: number | null): string | null {
  if (status === null || (status >= 200 && status < 300)) return null;
  const asked = MEANINGS.get(status) ?? (status < 400 ? "a redirect, not the page behind it" : "an error");
  return `It answered ${status} (${asked}): other routes may be served by something else, with another timeout. ${whatToGive(status)} to ask what matters.`;
}

const isSuccess = (status: number): boolean => status >= 200 && status < 400;

const whatToGive = (status: number): string =>
  status === 401 || status === 403 || status === 407
    ? "Give a --header with its login, or another --path"
    : status === 421
      ? 'Give --header "Host: NAME" with a name that it serves'
      : status === 429
        ? "Wait, or give a --path that is not limited"
        : "Give a --path that it answers with 200, or the --header that it takes";

const MEANINGS = new Map([
  [401, "it wants a login"],
  [403, "it forbids this"],
  [404, "there is no such page"],
  [421, "it does not serve this host"],
  [429, "too many requests: a limiter may have answered"],
]);
