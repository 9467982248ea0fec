// Imported before a command: makes it fail in a callback when it is told to, as an error of its own code would.
process.on("SIGUSR2", () => {
  throw new Error("on purpose");
});
