/** Where a connection goes. */
export interface Endpoint {
  host: string;
  port: number;
}

/** The host, an IPv6 address without its brackets, and the port, the scheme's own where none is given. */
export function endpointOf(url: URL): Endpoint {
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port };
}
