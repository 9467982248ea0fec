import type { AppRequest } from "../record/request.ts";

/** A body that is a JSON object or array is sent as one, unless a Content-Type is given: most servers answer 4xx else. */
export function withContentType(request: AppRequest): AppRequest {
  const { headers, body } = request;
  if (body === null || !isJson(body) || headers.some(([name]) => name.toLowerCase() === "content-type")) return request;
  return { ...request, headers: [...headers, ["Content-Type", "application/json"]] };
}

function isJson(body: string): boolean {
  if (!/^\s*[[{]/.test(body)) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
