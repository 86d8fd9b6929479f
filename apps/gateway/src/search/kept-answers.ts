import { randomBytes } from "node:crypto";

/** What is kept of an answer so that its further pages can be given. */
export interface Kept {
  readonly asker: string;
  /** How much it holds: resources. */
  size(): number;
  /** Let go of what it holds open. */
  close(): void;
}

export interface KeptAnswersOptions {
  /** Answers, and resources in all of them together. */
  readonly answersMax: number;
  readonly resourcesMax: number;
  readonly idleMs: number;
  readonly now: () => number;
}

interface Slot<Answer> {
  readonly answer: Answer;
  used: number;
}

const ID_BYTES = 18;

/**
 * Answers by names that nobody can guess and that say nothing of what was asked.
 *
 * The one that was used least recently goes first when there are too many, or too much is in them; each
 * goes after a while without a reader. Whoever comes later is told that it has gone.
 */
export class KeptAnswers<Answer extends Kept> {
  readonly #slots = new Map<string, Slot<Answer>>();
  readonly #options: KeptAnswersOptions;

  constructor(options: KeptAnswersOptions) {
    this.#options = options;
  }

  /** Gives:   the name under which the answer is found again. */
  keep(answer: Answer): string {
    const id = randomBytes(ID_BYTES).toString("base64url");
    this.#slots.set(id, { answer, used: this.#options.now() });
    this.trim();
    return id;
  }

  /** The answer of this name, for whoever asked; nothing where it has gone. */
  take(id: string, asker: string): Answer | undefined {
    this.trim();
    const slot = this.#slots.get(id);
    if (slot === undefined || slot.answer.asker !== asker) return undefined;
    slot.used = this.#options.now();
    this.#slots.delete(id);
    this.#slots.set(id, slot);
    return slot.answer;
  }

  /** Let go of what is too old or too much. The newest stays, whatever its size. */
  trim(): void {
    const { answersMax, resourcesMax, idleMs, now } = this.#options;
    let resources = 0;
    for (const { answer } of this.#slots.values()) resources += answer.size();
    const newest = [...this.#slots.keys()].at(-1);
    for (const [id, { answer, used }] of this.#slots) {
      const old = now() - used > idleMs;
      const many = this.#slots.size > answersMax || resources > resourcesMax;
      if (!old && (!many || id === newest)) continue;
      this.#slots.delete(id);
      resources -= answer.size();
      answer.close();
    }
  }

  /** Let go of everything. */
  clear(): void {
    for (const { answer } of this.#slots.values()) answer.close();
    this.#slots.clear();
  }
}
