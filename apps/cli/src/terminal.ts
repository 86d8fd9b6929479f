import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Ask at the terminal, without showing what is typed. Gives: nothing typed, when it is closed. */
export function askSilently(question: string): Promise<string> {
  return ask(question, new Writable({ write: (_chunk, _encoding, done) => done() }));
}

/** Ask at the terminal for something that may be seen. */
export function askAloud(question: string): Promise<string> {
  return ask(question, process.stderr);
}

/** Ask for a yes. Anything else is a no. */
export async function confirm(question: string): Promise<boolean> {
  const answer = await askAloud(`${question} [yes/no]: `);
  return /^y(?:es)?$/i.test(answer.trim());
}

function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  const isSilent = output !== process.stderr;
  if (isSilent) process.stderr.write(question);
  return new Promise((resolve) => {
    const finish = (answer: string): void => {
      // Closing is an answer too, an empty one: the first that is given counts.
      resolve(answer);
      terminal.close();
      if (isSilent) process.stderr.write("\n");
    };
    terminal.question(isSilent ? "" : question, finish);
    terminal.once("SIGINT", () => finish(""));
    terminal.once("close", () => resolve(""));
  });
}
