import { type Declared, moreCertain } from "../advice/declared-framework.ts";
import type { Software } from "../advice/recognise.ts";
import { frameworkInFolder } from "../app/framework-in-folder.ts";
import type { AppSpec } from "../app/start-app.ts";
import type { StartOptions } from "../cli/start-options.ts";
import type { AppRequest } from "../record/request.ts";
import type { Progress } from "../run/progress.ts";
import { shown } from "../run/shown.ts";

/** The app that --start starts, as startApp() takes it; null where there is none to start. */
export function appOf(
  start: StartOptions | null,
  { url, request, out }: { url: URL; request: Pick<AppRequest, "headers" | "body"> | null; out: string | null },
): AppSpec | null {
  if (start === null) return null;
  return { ...start, url, out, secrets: [...start.secrets, ...(request === null ? [] : secretsOf(request))] };
}

/** What no line of a command of the user's may show. */
export const secretsOf = ({ headers, body }: Pick<AppRequest, "headers" | "body">): string[] => [
  ...headers.map(([, value]) => value),
  ...(body === null ? [] : [body]),
];

/** What the project that --start starts says that it runs on; nothing is read without --start, or where the user says it. */
export async function declaredBy(
  { line }: Progress,
  { start, framework }: { start: StartOptions | null; framework: Software | null },
): Promise<Declared | null> {
  if (start === null || framework !== null) return null;
  const declared = await frameworkInFolder(start);
  if (declared !== null) {
    line(`the app: ${declared.software.title}, by its ${shown(declared.where, 120)}; --framework NAME says otherwise`);
  }
  return declared;
}

/** The software that the advice is for, and a sentence on where it was read, if it was. */
export function softwareOf(
  wire: Software | null,
  { framework, declared }: { framework: Software | null; declared: Declared | null },
): { software: Software | null; remarks: string[] } {
  if (framework !== null) return { software: framework, remarks: [] };
  const software = moreCertain(wire, declared?.software ?? null);
  if (declared === null || software !== declared.software) return { software, remarks: [] };
  return {
    software,
    remarks: [`That it is ${software.title} was read in its ${shown(declared.where, 120)}.`],
  };
}
