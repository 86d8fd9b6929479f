import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ok } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import type { Carrier } from "./carrier.ts";

/** A text message that was sent to nobody. */
export interface OutboxMessage {
  readonly time: number;
  readonly number: string;
  readonly text: string;
}

const KEPT = 100;

/**
 * A carrier for development: messages go to a file that its operator reads, one line of JSON each, and
 * reach no telephone.
 *
 * Whoever reads the file has the codes: it is as secret as what they open, and no directory with
 * people in it is run with it.
 */
export class Outbox implements Carrier {
  readonly #file: string;
  readonly #now: () => number;

  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
    makeFolder(dirname(file));
  }

  readonly send: Carrier["send"] = async (number, text) => {
    const messages = [...this.messages(), { time: this.#now(), number, text }].slice(-KEPT);
    const draft = `${this.#file}.draft`;
    const lines = messages.map((message) => `${JSON.stringify(message)}\n`);
    writeFileSync(draft, lines.join(""), { mode: 0o600 });
    renameSync(draft, this.#file);
    return ok(undefined);
  };

  /** The newest messages, the newest last. */
  messages(): readonly OutboxMessage[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as OutboxMessage);
  }
}
