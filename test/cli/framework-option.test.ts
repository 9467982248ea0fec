import assert from "node:assert/strict";
import { test } from "node:test";
import { frameworkNames } from "../../src/advice/frameworks.ts";
import { parseFramework } from "../../src/cli/framework-option.ts";
import { UsageError } from "../../src/run/exit.ts";

test("Every name of the list is taken, however it is written, and no name means two.", () => {
  const names = frameworkNames();
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.ok(parseFramework(name)!.sure, name);
  const written = ["Spring Boot", "spring_boot", "NestJS", "nest", "Next.js", "next", "FastAPI", "ASP.NET"];
  assert.deepEqual(
    written.map((name) => parseFramework(name)!.id),
    ["tomcat-embedded", "tomcat-embedded", "nestjs", "nestjs", "nextjs", "nextjs", "uvicorn", "kestrel"],
  );
  assert.equal(parseFramework(undefined), null);
});

test("Another name is refused with the list, in one line.", () => {
  for (const name of ["cobol", "", "js", "a\nb"]) {
    assert.throws(
      () => parseFramework(name),
      (error) =>
        error instanceof UsageError &&
        /expected one of aiohttp, .*uwsgi/.test(error.message) &&
        !/\n/.test(error.message),
    );
  }
});
