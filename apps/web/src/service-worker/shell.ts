import { isOlder } from "./version.ts";

/** A file that the application consists of. */
export interface ShellFile {
  /** Without a slash before it. */
  readonly path: string;
  readonly sha256: string;
}

const PAGE = "/index.html";
const PREFIX = "salus-shell-";
/** Where the newest version that ever ran here is written down. */
const FLOOR = "salus-floor";
const FLOOR_PATH = "/floor";

/**
 * The application as it was built, kept in the browser, so that it starts without the network and does not change while
 * somebody works with it.
 *
 * Only its own files are kept: what a service or the site answers never is.
 */
export class Shell {
  readonly #version: string;
  readonly #files: ReadonlyMap<string, string>;

  constructor(version: string, files: readonly ShellFile[]) {
    this.#version = version;
    this.#files = new Map(files.map(({ path, sha256 }) => [`/${path}`, sha256]));
  }

  /**
   * Fetch all files, each as the build says it is.
   *
   * Throws when one is not, or when a newer version has run here: then the browser keeps what it has.
   */
  async keep(): Promise<void> {
    const floor = await this.#floor();
    if (floor !== undefined && isOlder(this.#version, floor)) {
      throw new Error(`version ${this.#version} is older than ${floor}, which ran here`);
    }
    const cache = await this.#open();
    await Promise.all(
      [...this.#files].map(async ([path, sha256]) => {
        const response = (await caches.match(path)) ?? (await fetch(path, { cache: "no-cache" }));
        const fine = response.ok && (await digestOf(response)) === sha256;
        await cache.put(path, fine ? response : await this.#fetched(path, sha256));
      }),
    );
  }

  /** Throw away the files of other builds: from now on this one runs. */
  async begin(): Promise<void> {
    const own = await this.#name();
    const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== own);
    await Promise.all(others.map((name) => caches.delete(name)));
    const floor = await caches.open(FLOOR);
    await floor.put(FLOOR_PATH, new Response(this.#version));
  }

  /** Gives: an answer; nothing when the request is not for the application itself. */
  answer(request: Request): Promise<Response> | undefined {
    const { pathname } = new URL(request.url);
    if (request.method !== "GET") return undefined;
    if (this.#files.has(pathname)) return this.#kept(pathname, request);
    const isPage = request.mode === "navigate" && !pathname.includes(".");
    return isPage && !isService(pathname) ? this.#kept(PAGE, request) : undefined;
  }

  async #kept(path: string, request: Request): Promise<Response> {
    const cache = await this.#open();
    return (await cache.match(path)) ?? fetch(request);
  }

  /** Past what the browser has kept of it: that was another file. */
  async #fetched(path: string, sha256: string): Promise<Response> {
    const response = await fetch(path, { cache: "reload" });
    if (response.ok && (await digestOf(response)) === sha256) return response;
    throw new Error(`${path} is not what was built`);
  }

  async #floor(): Promise<string | undefined> {
    const cache = await caches.open(FLOOR);
    return (await cache.match(FLOOR_PATH))?.text();
  }

  async #open(): Promise<Cache> {
    return caches.open(await this.#name());
  }

  /** Of the content: two builds of one version are kept apart. */
  async #name(): Promise<string> {
    const text = JSON.stringify([this.#version, ...this.#files]);
    return PREFIX + (await hex(new TextEncoder().encode(text))).slice(0, 16);
  }
}

/** Whether a path is a service's, or says how the site is: never the application's page. */
function isService(path: string): boolean {
  return /^\/(?:(?:directory\/)?v1\/|health$|csp-reports$)/.test(path);
}

async function digestOf(response: Response): Promise<string> {
  return hex(new Uint8Array(await response.clone().arrayBuffer()));
}

async function hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
