import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { parse } from "yaml";
import { blockFor, componentJobs } from "../../bench/ci-job/guide.ts";
import { type JobRun, runJob } from "../../bench/ci-job/run-job.ts";
import { runAsGithub } from "../../bench/ci-job/steps.ts";
import { cacheFolder } from "../../src/parts/cache.ts";
import { ROOT } from "../../src/run/root.ts";
import { freePorts } from "../../src/stage/ports.ts";
import { livingWith } from "../living.ts";
import { needs } from "../needs.ts";
import { newTmp } from "../start-command.ts";

const { describe, test: it } = await needs("haproxy", "k6", "toxiproxy");

const guide = await readFile(join(ROOT, "docs/ci.md"), "utf8");
const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };

// Each starts an app that closes after 2 s; side by side, as they mostly wait for that.
describe("The examples of docs/ci.md, run line by line", () => {
  const places: Place[] = [];
  let github: JobRun;
  const ran: Record<string, Ran> = {};

  before(async () => {
    places.push(...(await Promise.all(["github", "gitlab", "jenkins", "circleci"].map(newPlace))));
    const [onGithub, onGitlab, onJenkins, onCircleci] = places as [Place, Place, Place, Place];
    [github, ran.gitlab, ran.jenkins, ran.circleci] = await Promise.all([
      runJob(onGithub.adapted(blockFor(guide, ".github/workflows/keep-alive.yml")), {
        app: onGithub.app,
        action: ROOT,
        folder: onGithub.folder,
        env: onGithub.env,
      }),
      runGitlab(onGitlab),
      runLines(onJenkins, shellLines(blockFor(guide, "Jenkinsfile"))),
      runLines(onCircleci, circleLines(blockFor(guide, ".circleci/config.yml"))),
    ]);
  });

  after(async () => {
    for (const { folder } of places) {
      for (const { pid } of await livingWith(`TMPDIR=${folder}`)) process.kill(pid, "SIGKILL");
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("A GitHub job of ten lines checks out, starts the app, finds it lossy, and keeps the results.", () => {
    const [, job] = blockFor(guide, ".github/workflows/keep-alive.yml").split(/^jobs:\n/m);
    assert.equal(job!.trimEnd().split("\n").length, 10);
    const said = github.steps.map(({ output }) => output).join("");
    assert.deepEqual(
      github.steps.flatMap(({ name, outcome }) => (outcome === "failure" ? [name] : [])),
      ["check", "OWNER/alb502@v1"],
      said,
    );
    assert.equal(github.steps.find(({ name }) => name === "check")!.outputs.verdict, "lost");
    assert.equal(github.steps.find(({ name }) => name === "comment")!.outcome, "skipped");
    assert.match(github.summary, /^## alb502 check: lost$/m);
    for (const file of ["result.json", "report.html", "junit.xml", "badge.json"]) {
      assert.ok(github.artifact.includes(`alb502-results/${file}`), file);
    }
  });

  for (const name of ["gitlab", "jenkins", "circleci"]) {
    it(`${name}'s lines start the app, find it lossy, and leave a JUnit file.`, () => {
      const { code, output, workspace } = ran[name]!;
      assert.equal(code, 1, output);
      assert.match(output, /^LOST\. /m);
      assert.ok(existsSync(join(workspace, "alb502-results/junit.xml")));
    });
  }

  it("Nothing is left running, the apps neither.", async () => {
    const living = await Promise.all(places.map(({ env }) => livingWith(`TMPDIR=${env.TMPDIR}`)));
    assert.deepEqual(living.flat(), []);
  });
});

interface Place {
  folder: string;
  /** The repository that a CI checks out. */
  app: string;
  env: NodeJS.ProcessEnv;
  /** An example with the app's own port in place of 3000, and alb502 as `npx` finds it in a project that has it. */
  adapted(text: string): string;
}

/** A project with an app of its own, and above it a node_modules with this alb502. */
async function newPlace(): Promise<Place> {
  const folder = newTmp();
  const app = join(folder, "repository");
  await mkdir(app);
  await mkdir(join(folder, "node_modules/.bin"), { recursive: true });
  await symlink(join(ROOT, "scripts/run.mjs"), join(folder, "node_modules/.bin/alb502"));
  const [port] = await freePorts(1);
  const about = { name: "app", version: "1.0.0", scripts: { start: "node app.js" } };
  const files = {
    "package.json": about,
    "package-lock.json": { name: "app", version: "1.0.0", lockfileVersion: 3, packages: { "": about } },
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(app, name), JSON.stringify(content));
  await writeFile(
    join(app, "app.js"),
    `const server = require("node:http").createServer((_, response) => response.end("ok")).listen(${port});
server.keepAliveTimeout = 1000;
`,
  );
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY, NODE_TEST_CONTEXT, ...env } = process.env;
  return {
    folder,
    app,
    env: { ...env, CI: "true", ALB502_RUNTIME: "native", TMPDIR: folder },
    adapted: (text) => text.replaceAll("localhost:3000", `localhost:${port}`).replaceAll(`alb502@${version}`, "alb502"),
  };
}

interface Ran {
  code: number | null;
  output: string;
  workspace: string;
}

/** Each line in a shell of its own, up to the first that fails. */
async function runLines(place: Place, lines: readonly string[]): Promise<Ran> {
  const workspace = join(place.folder, "workspace");
  await cp(place.app, workspace, { recursive: true });
  assert.ok(lines.length >= 2);
  let output = "";
  for (const line of lines) {
    const ended = await runAsGithub(place.adapted(line), { cwd: workspace, env: place.env });
    output += ended.output;
    if (ended.code !== 0) return { code: ended.code, output, workspace };
  }
  return { code: 0, output, workspace };
}

/** The component, included as the guide includes it; its lines share a shell. */
async function runGitlab(place: Place): Promise<Ran> {
  const { include } = parse(blockFor(guide, ".gitlab-ci.yml")) as {
    include: [{ remote: string; inputs: Record<string, string> }];
  };
  const [{ remote, inputs }] = include;
  const component = await readFile(join(ROOT, remote.slice(remote.indexOf("/templates/"))), "utf8");
  const { alb502: job } = componentJobs(component, inputs);
  const workspace = join(place.folder, "workspace");
  const variables = Object.entries(job!.variables).map(([name, variable]) => {
    const text = typeof variable === "string" ? variable.replace("$CI_PROJECT_DIR", workspace) : variable.value;
    return [name, place.adapted(text)];
  });
  // What the job's cache has kept.
  await mkdir(join(workspace, ".cache"), { recursive: true });
  await symlink(cacheFolder(process.env), join(workspace, ".cache/alb502"));
  const env = { ...place.env, ...Object.fromEntries(variables), CI_PROJECT_DIR: workspace };
  return runLines({ ...place, env }, ["true", job!.script.join("\n")]);
}

/** The commands of a Jenkinsfile. */
const shellLines = (jenkinsfile: string): string[] =>
  [...jenkinsfile.matchAll(/^ +sh '(.*)'$/gm)].map(([, line]) => line!);

function circleLines(config: string): string[] {
  const { jobs } = parse(config) as { jobs: Record<string, { steps: (string | { run?: string })[] }> };
  const [job] = Object.values(jobs);
  return job!.steps.flatMap((step) => (typeof step === "object" && step.run ? [step.run] : []));
}
