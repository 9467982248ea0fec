// node koa.cjs PORT KOA_FOLDER SETTINGS_AS_JSON: Koa on the server that its listen() makes.
const [port, folder, settings] = process.argv.slice(2);
const Koa = require(folder);

const app = new Koa();
app.use((context) => {
  context.body = "ok\n";
});
Object.assign(app.listen(Number(port), "127.0.0.1"), JSON.parse(settings));
