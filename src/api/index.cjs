// What require("alb502") gives: Jest's CommonJS, above all. Jest runs code in a context of its own, where import() needs
// --experimental-vm-modules; Node's own loader, in Node's own context, needs nothing and leaves Jest's fake timers out
// (https://nodejs.org/api/vm.html#when-importmoduledynamically-is-vmconstantsuse_main_context_default_loader).
"use strict";
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { constants, Script } = require("node:vm");

const load =
  process.env.JEST_WORKER_ID === undefined
    ? (url) => import(url)
    : new Script("(url) => import(url)", {
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      }).runInThisContext();
const loaded = () => load(pathToFileURL(join(__dirname, "index.js")).href);

/** As the module's own class is: `error instanceof UsageError` holds for what check and probe reject with. */
const errorNamed = (name) =>
  Object.defineProperty(() => {}, Symbol.hasInstance, {
    value: (error) => error?.name === name && typeof error.exitCode === "number",
  });

exports.check = async (...args) => (await loaded()).check(...args);
exports.probe = async (...args) => (await loaded()).probe(...args);
exports.defineConfig = (config) => config;
exports.UsageError = errorNamed("UsageError");
exports.EnvironmentError = errorNamed("EnvironmentError");
