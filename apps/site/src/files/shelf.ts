import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StartFailure } from "@salus/service";
import { type Listed, readListing } from "./listing.ts";

/** A compressed copy of a file. */
export interface Copy {
  readonly encoding: "br" | "gzip";
  readonly body: Buffer;
}

/** A file that is served, with its copies. */
export interface Shelved {
  readonly type: string;
  /** Changes with the content, and is the same for all copies of it. */
  readonly tag: string;
  /** Whether its name changes with its content, so that whoever has it need not ask again. */
  readonly immutable: boolean;
  readonly body: Buffer;
  /** The smallest first. */
  readonly copies: readonly Copy[];
}

/** Where the build puts what has the hash of its content in its name. */
const NAMED_BY_CONTENT = /^files\/.*-[A-Z0-9]{8}\.\w+$/;

/**
 * The files of the web application, in memory: what is not on the list cannot be asked for, whatever the path says, and
 * what changes on the disk later is not served.
 */
export class Shelf {
  readonly version: string;
  readonly #files: ReadonlyMap<string, Shelved>;

  private constructor(version: string, files: ReadonlyMap<string, Shelved>) {
    this.version = version;
    this.#files = files;
  }

  /**
   * Read a build.
   *
   * Takes:   `folder`, with `files.json` and `app/`.
   * Fails:   `no-web-application`, as a `StartFailure`: it is not there, or is not what was built.
   */
  static async load(folder: string): Promise<Shelf> {
    const text = await readFile(join(folder, "files.json"), "utf8").catch(() => "");
    const listing = readListing(text);
    if (!listing.ok) throw missing(`no web application in ${folder}: build it first`);
    const { version, files } = listing.value;
    const shelved = await Promise.all(
      files.map(
        async (file) => [`/${file.path}`, await shelve(join(folder, "app"), file)] as const,
      ),
    );
    const shelf = new Shelf(version, new Map(shelved));
    if (shelf.at("/index.html") === undefined) throw missing(`${folder} has no index.html`);
    return shelf;
  }

  /** Takes: `path`, of a URL. */
  at(path: string): Shelved | undefined {
    return this.#files.get(path);
  }
}

async function shelve(folder: string, file: Listed): Promise<Shelved> {
  const plain = await readFile(join(folder, file.path)).catch(() => Buffer.alloc(0));
  const sha256 = createHash("sha256").update(plain).digest("hex");
  if (sha256 !== file.sha256 || plain.length !== file.bytes) {
    throw missing(`${file.path} is not what was built: build it again`);
  }
  const copies: Copy[] = [];
  if (file.br !== undefined) {
    copies.push({ encoding: "br", body: await compressed(folder, file, "br") });
  }
  if (file.gz !== undefined) {
    copies.push({ encoding: "gzip", body: await compressed(folder, file, "gz") });
  }
  const smaller = copies.filter(({ body }) => body.length < plain.length);
  smaller.sort((a, b) => a.body.length - b.body.length);
  return {
    type: file.type,
    tag: `"${sha256.slice(0, 32)}"`,
    immutable: NAMED_BY_CONTENT.test(file.path),
    body: plain,
    copies: smaller,
  };
}

async function compressed(folder: string, { path }: Listed, ending: string): Promise<Buffer> {
  return readFile(join(folder, `${path}.${ending}`)).catch(() => {
    throw missing(`${path}.${ending} is not there: build it again`);
  });
}

function missing(message: string): StartFailure {
  return new StartFailure("no-web-application", message);
}
