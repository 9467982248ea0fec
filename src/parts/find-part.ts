import { isExecutable, onPath } from "../run/on-path.ts";
import { partEnvironment } from "../run/part-environment.ts";
import { type Answer, askVersion } from "./ask-version.ts";
import { recipe } from "./cache.ts";
import { whyNotOnlyOurs } from "./only-ours.ts";
import { expected, type MissingPart, PARTS, type Part, type ProgramName } from "./part.ts";
import { releaseOf } from "./releases.ts";
import { isAccepted } from "./version.ts";

/**
 * Looks for a part: the path in its override variable, else PATH, else what was fetched or built before. Never installs.
 * The first one that runs and is new enough counts; the problem names the first one that was passed over.
 */
export async function findPart(name: ProgramName, env: NodeJS.ProcessEnv = process.env): Promise<Part | MissingPart> {
  const { binary, variable } = PARTS[name];
  const named = env[variable];
  if (named) {
    const answer = await examine(name, named, env);
    if ("version" in answer) return { name, path: named, version: answer.version, origin: "environment" };
    return { name, problem: `${variable}=${named} ${answer.problem}`, named: true };
  }

  const ignored: string[] = [];
  for (const { path, origin } of await candidates(name, env)) {
    const foreign = origin !== "PATH" ? await whyNotOnlyOurs(path) : null;
    if (foreign !== null) {
      ignored.push(`${path} was ignored, as ${foreign}`);
      continue;
    }
    // Those of the cache are asked too: half a file or one for another C library would fail much later, and less clearly.
    const answer = await examine(name, path, env);
    if ("version" in answer) return { name, path, version: answer.version, origin };
    ignored.push(`${path} ${answer.problem} and was ignored`);
  }
  return { name, problem: ignored[0] ?? `${binary} is not on PATH`, named: false };
}

async function candidates(
  name: ProgramName,
  env: NodeJS.ProcessEnv,
): Promise<{ path: string; origin: "PATH" | "fetched" | "built" }[]> {
  const { binary, alsoIn } = PARTS[name];
  const paths = (await onPath(binary, env, alsoIn)).map((path) => ({ path, origin: "PATH" as const }));
  if (name === "haproxy") return paths;
  const release = name === "actionlint" ? null : releaseOf(name, env);
  const cached = [
    ...(release !== null && "cached" in release ? [{ path: release.cached, origin: "fetched" as const }] : []),
    { path: (await recipe(name, env)).cached, origin: "built" as const },
  ];
  const there = await Promise.all(cached.map(({ path }) => isExecutable(path)));
  return [...paths, ...cached.filter((_, i) => there[i])];
}

async function examine(name: ProgramName, path: string, env: NodeJS.ProcessEnv): Promise<Answer> {
  const facts = PARTS[name];
  const answer = await askVersion(path, facts.versionArgs, facts.versionPattern, partEnvironment(env));
  if ("problem" in answer || isAccepted(answer.version, facts)) return answer;
  return { problem: `is ${name} ${answer.version} (expected: ${expected(facts)})` };
}
