import assert from "node:assert/strict";
import { test } from "node:test";
import { declaredFramework, type Manifest, moreCertain } from "../../src/advice/declared-framework.ts";
import { frameworkNamed } from "../../src/advice/frameworks.ts";

const packageJson = (dependencies: Record<string, string>, scripts: Record<string, string> = {}) =>
  JSON.stringify({ dependencies, scripts });

const spring = (name: string) =>
  `<dependency><groupId>org.springframework.boot</groupId><artifactId>${name}</artifactId></dependency>`;

type Case = [command: string, files: Partial<Record<Manifest, string>>, id: string | null];

test("A project's own files tell what it runs on.", () => {
  const cases: Case[] = [
    ["npm start", { "package.json": packageJson({ "@nestjs/core": "^11.1.0", express: "5.1.0" }) }, "nestjs"],
    ["npm start", { "package.json": packageJson({ next: "16.0.0", react: "19.0.0" }) }, "nextjs"],
    ["node app.js", { "package.json": packageJson({ express: "5.1.0" }) }, "express"],
    ["node app.js", { "package.json": packageJson({ fastify: "5.0.0" }) }, "fastify"],
    ["npm start", { "package.json": packageJson({ koa: "3.0.0" }) }, "node"],
    ["npm start", { "package.json": packageJson({}, { start: "node server.js" }) }, "node"],
    ["npm start", { "package.json": packageJson({}, { start: "./serve" }) }, null],
    ["bun server.ts", { "package.json": packageJson({ express: "5.1.0" }) }, "bun"],
    ["npm start", { "package.json": "{" }, null],
    ["./mvnw spring-boot:run", { "pom.xml": spring("spring-boot-starter-web") }, "tomcat-embedded"],
    ["./mvnw spring-boot:run", { "pom.xml": spring("spring-boot-starter-webflux") }, "reactor-netty"],
    ["java -jar app.jar", { "build.gradle": "implementation 'x:spring-boot-starter-web:3.5.0'" }, "tomcat-embedded"],
    ["uvicorn app:app", { "requirements.txt": "fastapi==0.115\nuvicorn[standard]\n" }, "uvicorn"],
    ["gunicorn app:app", { "requirements.txt": "flask\n" }, "gunicorn"],
    ["python app.py", { "requirements.txt": "# gunicorn\nFlask>=3\n" }, "werkzeug"],
    ["uv run app.py", { "pyproject.toml": 'dependencies = ["aiohttp>=3.9", "x"]' }, "aiohttp"],
    ["bundle exec rails s", { Gemfile: 'gem "rails"\ngem "puma", ">= 5"\n' }, "puma"],
    ["go run .", { "go.mod": "module example.com/app\n\ngo 1.24\n" }, "go"],
    ["npm start", {}, null],
  ];
  for (const [command, files, id] of cases) {
    assert.equal(declaredFramework(files, command)?.software.id ?? null, id, `${command} ${JSON.stringify(files)}`);
  }
});

test("Where two languages are in a folder, the command tells which is started; where it does not, nothing is said.", () => {
  const files = { "package.json": packageJson({ express: "5.1.0" }), Gemfile: 'gem "puma"\n' };
  assert.equal(declaredFramework(files, "bin/rails s")?.software.id, "puma");
  assert.equal(declaredFramework(files, "npm run dev")?.software.id, "express");
  assert.equal(declaredFramework(files, "./start.sh"), null);
  // A front end beside it, or a folder above both.
  assert.equal(declaredFramework({ "package.json": packageJson({ next: "16.0.0" }) }, "java -jar app.jar"), null);
  assert.equal(declaredFramework({ "pom.xml": spring("spring-boot-starter-web") }, "uvicorn app:app"), null);
});

test("It is said where that was read, with its version.", () => {
  const declared = declaredFramework({ "package.json": packageJson({ "@nestjs/core": "^11.1.0" }) }, "npm start");
  assert.equal(declared?.where, "package.json, which has @nestjs/core ^11.1.0");
  const python = { "requirements.txt": "fastapi\n" };
  assert.equal(declaredFramework(python, "uvicorn app:app")?.where, "command, which names uvicorn");
  assert.equal(declaredFramework(python, "fastapi run")?.where, "requirements.txt, which has fastapi");
});

test("A name in the app's answers is more certain than the project, and the project than the app's habits.", () => {
  const named = (id: string, sure = true) => ({ ...frameworkNamed(id)!, sure });
  assert.equal(moreCertain(named("nginx"), named("nestjs"))?.id, "nginx");
  assert.equal(moreCertain(named("express"), named("nestjs"))?.id, "nestjs");
  assert.equal(moreCertain(named("node", false), named("nestjs"))?.id, "nestjs");
  assert.equal(moreCertain(named("node", false), named("puma"))?.id, "node");
  assert.equal(moreCertain(null, named("puma"))?.id, "puma");
  assert.equal(moreCertain(named("node", false), null)?.id, "node");
  assert.equal(moreCertain(null, null), null);
});
