// Runs commands of the program one after the other in one process, as its parent tells it to: by whose
// environment, with which input. Nobody's command finds anything of another's but what was compiled.
//
//     node standing-program.mjs PROGRAM

import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

const [, , program = ""] = process.argv;
const { run } = await import(pathToFileURL(program).href);
const inherited = { ...process.env };
// Each command listens to its streams for as long as a process lives.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

let last = Promise.resolve();
process.on("message", (order) => {
  last = last.then(() => perform(order));
});

async function perform({ number, args, env, input }) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, inherited, env);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  }
  const stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)]);
  Object.defineProperty(process, "stdin", { configurable: true, value: stdin });
  process.send({ number, code: await run(args), ...said });
}
