import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "@salus/base";
import { type Card, decodeCard } from "@salus/client";
import type { UploadReport } from "@salus/client/writer";
import type { Failure } from "../words.ts";
import { Child } from "./child.ts";

/** This program, bundled: where this file is bundled into. */
export const SALUS: string = fileURLToPath(new URL("./salus.mjs", import.meta.url));

/** What a source's process is told, a line of JSON each. */
export type Instruction =
  /** Certify those below, whose cards these are, and publish that. */
  | { readonly certify: readonly CertifyOrder[] }
  /** What follows is for this vault. */
  | { readonly vault: string }
  | { readonly resource: object; readonly path: readonly string[] };

export interface CertifyOrder {
  readonly role: "department" | "physician";
  readonly node: string;
  readonly parent: string;
  readonly name: string;
  readonly identifiers: readonly string[];
  readonly card: string;
}

/** What it answers. */
export type Said =
  | { readonly card: string }
  | { readonly progress: number }
  | { readonly done: Pick<UploadReport, "records" | "entries" | "unchanged"> }
  | { readonly failed: string };

export type Uploaded = Extract<Said, { readonly done: unknown }>["done"];

/**
 * A source in a process of its own, with a home of its own: this process sees its public card, tells
 * it what its hospital has recorded, and never has one of its keys.
 */
export class SourceProcess {
  readonly name: string;
  /** Records delivered so far. */
  progress = 0;
  readonly #child: Child;
  readonly #card: Promise<Card | undefined>;
  #done: Uploaded | undefined;
  #failed: string | undefined;

  constructor(name: string, options: { home: string; node: string; cloud: string }) {
    const { home, node, cloud } = options;
    this.name = name;
    const at = ["--home", home, "--node", node, "--cloud", cloud];
    const args = ["source", "run", "--in-the-clear", ...at];
    this.#child = new Child(SALUS, args, { reads: true });
    this.#card = new Promise((resolve) => {
      this.#child.onLine((line) => {
        const said = JSON.parse(line) as Said;
        if ("card" in said) {
          const card = decodeCard(said.card);
          resolve(card.ok ? card.value : undefined);
        } else if ("progress" in said) this.progress = said.progress;
        else if ("done" in said) this.#done = said.done;
        else this.#failed = said.failed;
      });
      void this.#child.ended.then(() => resolve(undefined));
    });
  }

  /** Its public card, once it is up. Fails: `source-failed`. */
  async card(): Promise<Result<Card, Failure>> {
    const card = await this.#card;
    return card === undefined ? this.#failure() : ok(card);
  }

  /** Tell it something, and wait while it cannot take more. */
  async tell(instruction: Instruction): Promise<void> {
    const { input } = this.#child;
    if (!input.write(`${JSON.stringify(instruction)}\n`)) {
      await Promise.race([once(input, "drain"), this.#child.ended]);
    }
  }

  /** Say that this is all, and wait until it has delivered. Fails: `source-failed`. */
  async finish(): Promise<Result<Uploaded, Failure>> {
    this.#child.input.end();
    const { code } = await this.#child.ended;
    return code === 0 && this.#done !== undefined ? ok(this.#done) : this.#failure();
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }

  #failure(): Result<never, Failure> {
    const said = this.#failed ?? this.#child.lastWords;
    return fail({ kind: "source-failed", name: this.name, said });
  }
}
