import { fail, fromHex, ok, type Result, toHex, utf8 } from "@salus/base";
import type { KeyStore, StoreDamaged } from "@salus/client";
import { VerifyKey } from "@salus/protocol";
import type { WebError } from "./problem.ts";

/** Where the services of a site are, and whom it believes about providers. */
export interface Site {
  readonly cloud: string;
  readonly directory: string;
  readonly authorities: readonly VerifyKey[];
  readonly authoritiesNeeded: number;
}

let known: Site | undefined;

/**
 * What the site says of itself. It is believed as its program is, for it serves both.
 *
 * Fails:   `site-unreadable`.
 */
export async function site(): Promise<Result<Site, WebError>> {
  if (known !== undefined) return ok(known);
  const text = await fetch(new URL("/site.json", location.origin))
    .then((response) => (response.ok ? response.text() : ""))
    .catch(() => "");
  const read = readSite(text, location.origin);
  if (read.ok) known = read.value;
  return read;
}

/** Read what a site says. Takes: `origin`, of the page, which its paths are below. */
export function readSite(text: string, origin: string): Result<Site, WebError> {
  const unreadable: Result<never, WebError> = fail({ kind: "site-unreadable" });
  let said: Readonly<Record<string, unknown>>;
  try {
    said = JSON.parse(text);
  } catch {
    return unreadable;
  }
  const [cloud, directory] = [below(said.cloud, origin), below(said.directory, origin)];
  const needed = said.authoritiesNeeded;
  if (cloud === undefined || directory === undefined) return unreadable;
  if (!Array.isArray(said.authorities) || !Number.isSafeInteger(needed)) return unreadable;
  const authorities: VerifyKey[] = [];
  for (const hex of said.authorities) {
    const bytes = fromHex(String(hex));
    const key = bytes.ok ? VerifyKey.parse(bytes.value) : undefined;
    if (!key?.ok) return unreadable;
    authorities.push(key.value);
  }
  return ok({ cloud, directory, authorities, authoritiesNeeded: Math.max(1, Number(needed)) });
}

/** A path on the page's own origin: no other is asked for anything. */
function below(path: unknown, origin: string): string | undefined {
  if (typeof path !== "string" || !path.startsWith("/")) return undefined;
  const url = new URL(path, origin);
  return url.origin === origin ? url.href : undefined;
}

const NAME = "web/site";

/** Remember in a home what the site said, so that the home opens without it. */
export async function keepSite(store: KeyStore, { authorities, ...places }: Site): Promise<void> {
  const paths = { cloud: pathOf(places.cloud), directory: pathOf(places.directory) };
  const said = { ...places, ...paths, authorities: authorities.map((key) => toHex(key)) };
  await store.write(NAME, utf8(JSON.stringify(said)));
}

/** What a home remembers of its site. Fails: `site-unreadable`. */
export async function keptSite(store: KeyStore): Promise<Result<Site, WebError | StoreDamaged>> {
  const stored = await store.read(NAME);
  if (!stored.ok) return stored;
  const text = new TextDecoder().decode(stored.value ?? new Uint8Array(0));
  return readSite(text, location.origin);
}

function pathOf(url: string): string {
  return new URL(url).pathname;
}
