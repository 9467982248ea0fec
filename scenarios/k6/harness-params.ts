import http from "k6/http";

/**
 * How the harness is asked. To be called while k6 reads the script: later it opens no file.
 * @param tokenFile the file with the token that the harness wants to be told; "" = none, and it answers 403
 */
export function harnessParams(tokenFile: string) {
  return {
    headers: { Authorization: `Bearer ${tokenFile && open(tokenFile)}` },
    // Longer than any idle timeout of an LB profile: an answer may take as long as the LB keeps a connection.
    timeout: "70m",
    tags: { name: "harness" },
    responseCallback: http.expectedStatuses(200),
  };
}
