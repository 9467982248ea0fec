import { lookup as dnsLookup } from "node:dns";
import type { LookupFunction } from "node:net";

/**
 * As node:net's connect takes it: `localhost` is both of this machine's loopbacks (RFC 6761 section 6.3), whatever
 * /etc/hosts has, since an app may listen on [::1] alone. Node tries one after the other.
 */
export const lookup: LookupFunction = (hostname, options, callback) => {
  if (hostname !== "localhost" || !options.all) return dnsLookup(hostname, options, callback);
  callback(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);
};
