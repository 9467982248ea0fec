/** Anything but a server error: a 404 comes on the same connection as a 200. */
export const OK_STATUS: readonly string[] = ["2xx", "3xx", "4xx"];

/** Whether `status` is one of `okStatus`, each a status ("204") or a class of them ("2xx"). */
export const isOk = (status: number, okStatus: readonly string[]): boolean =>
  okStatus.some((ok) => ok === `${status}` || (ok.endsWith("xx") && ok.charAt(0) === `${status}`.charAt(0)));
