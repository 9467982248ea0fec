import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Declared, declaredFramework, MANIFESTS } from "../advice/declared-framework.ts";
import type { AppSpec } from "./start-app.ts";

/** What the project in the folder of --start says that it runs on; null where it says nothing that is known. Never throws. */
export async function frameworkInFolder({ cwd, command }: Pick<AppSpec, "cwd" | "command">): Promise<Declared | null> {
  const texts = await Promise.all(
    MANIFESTS.map((name) => textOf(join(cwd, name)).then((text) => [name, text] as const)),
  );
  const files = Object.fromEntries(texts.filter(([, text]) => text !== null));
  return declaredFramework(files, typeof command === "string" ? command : command.join(" "));
}

async function textOf(file: string): Promise<string | null> {
  try {
    const about = await stat(file);
    return about.isFile() && about.size <= MOST_BYTES ? await readFile(file, "utf8") : null;
  } catch {
    return null;
  }
}

const MOST_BYTES = 1_000_000;
