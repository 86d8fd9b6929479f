import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { fail, ok, type Result } from "@salus/base";
import type { Failure } from "./words.ts";

/** A result on its way to a file, which is there whole or not at all, or to standard output. */
export class OutputFile {
  readonly #path: string | undefined;
  readonly #beside: string;
  readonly #file: FileHandle | undefined;

  private constructor(path: string | undefined, beside: string, file: FileHandle | undefined) {
    this.#path = path;
    this.#beside = beside;
    this.#file = file;
  }

  /** Begin. Takes: no path for standard output. Fails: `disk`. */
  static async open(path: string | undefined): Promise<Result<OutputFile, Failure>> {
    if (path === undefined) return ok(new OutputFile(undefined, "", undefined));
    const beside = `${path}.${randomBytes(4).toString("hex")}.part`;
    try {
      // Health data in the clear: for its owner only.
      return ok(new OutputFile(path, beside, await open(beside, "wx", 0o600)));
    } catch (error) {
      const { code = "EIO" } = error as NodeJS.ErrnoException;
      return fail({ kind: "disk", code, path });
    }
  }

  async write(text: string): Promise<void> {
    if (this.#file !== undefined) await this.#whole(this.#file.write(text));
    else if (!process.stdout.write(text)) {
      await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  }

  /** Give the file its name, durably. */
  async keep(): Promise<void> {
    if (this.#file === undefined || this.#path === undefined) return;
    await this.#whole(this.#file.sync());
    await this.#file.close();
    await rename(this.#beside, this.#path);
  }

  /** On a disk that is full half of a file is not left: it is somebody's record in the clear. */
  async #whole(step: Promise<unknown>): Promise<void> {
    try {
      await step;
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  /** Leave nothing behind. */
  async discard(): Promise<void> {
    if (this.#file === undefined) return;
    await this.#file.close();
    await rm(this.#beside, { force: true });
  }
}
