/** What an answer tells of the software that made or passed it on, besides `Server` and `X-Powered-By`. */
export interface Tells {
  /** The words after the status; "" without any. */
  phrase: string;
  /** The headers' names in lower case, in their order. */
  names: readonly string[];
  /** The values of those headers, by names in lower case, that name software, a proxy or a cache. */
  marks: Readonly<Record<string, string>>;
  /** `Keep-Alive: max=N`: so many more requests on this connection (RFC 2068 section 19.7.1.1); null without one. */
  maxRequests: number | null;
}
