import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ok, type Result, toHex } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import type { KeyStore } from "@salus/client";
import type { Homes } from "../homes/homes.ts";
import type { Failure } from "../words.ts";
import type { Cast } from "./cast.ts";
import { CLINIC } from "./clinic.ts";
import type { DemoAccount } from "./people.ts";

/** Somebody of a demo, with all that a device of hers holds, so that any browser can be it. */
interface DemoHome extends Omit<DemoAccount, "id" | "phrase"> {
  readonly organisation: string;
  /** What stands in her store, in hexadecimal. */
  readonly home: Readonly<Record<string, string>>;
}

/**
 * Write down the homes of a demo's people for the web application, which gives them to whoever asks. Nobody real is ever
 * among them.
 *
 * Fails:   `store-damaged`, any `HomeError`.
 */
export async function writeHomes(
  homes: Homes,
  cast: Cast,
  accounts: readonly DemoAccount[],
  file: string,
): Promise<Result<void, Failure>> {
  const people: DemoHome[] = [];
  for (const { id, phrase: _, ...account } of accounts) {
    const person = homes.byId(account.role, id);
    if (person === undefined) continue;
    const resident = await homes.open(person);
    if (!resident.ok) return resident;
    const home = await contentOf(resident.value.home.store);
    if (!home.ok) return home;
    people.push({ ...account, organisation: employerOf(cast, id), home: home.value });
  }
  makeFolder(dirname(file));
  const draft = `${file}.tmp`;
  await writeFile(draft, JSON.stringify(people), { mode: 0o600 });
  await rename(draft, file);
  return ok(undefined);
}

async function contentOf(store: KeyStore): Promise<Result<Record<string, string>, Failure>> {
  const content: Record<string, string> = {};
  for (const name of await store.list("")) {
    const bytes = await store.read(name);
    if (!bytes.ok) return bytes;
    if (bytes.value !== undefined) content[name] = toHex(bytes.value);
  }
  return ok(content);
}

/** The name of where somebody works; empty for a patient. */
function employerOf({ patient, physicians }: Cast, id: string): string {
  if (id === patient.id) return "";
  const placed = physicians.find(({ physician }) => physician.id === id);
  return placed?.organisationName ?? CLINIC.name;
}
