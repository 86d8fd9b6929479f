import { fail, ok, type Result, utf8 } from "@salus/base";
import { type Identity, openIdentity, openOrCreateIdentity } from "../identity.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { storeBelow } from "../store-below.ts";

/** What a home says of an organisation or department whose keys it holds. */
export interface OrganisationAbout {
  readonly role: "organisation" | "department";
  /** Provider id, as in its certificate. */
  readonly node: string;
  /** Node of what is above; empty for an organisation. */
  readonly parent: string;
  readonly name: string;
  /** `system|value`. */
  readonly identifiers: readonly string[];
}

/** An organisation whose keys stand in a part of somebody's home. */
export interface KeptOrganisation {
  readonly about: OrganisationAbout;
  readonly identity: Identity;
  /** Everything that is the organisation's: its keys, invitations, associations, what it has sent. */
  readonly store: KeyStore;
}

export type KeepError =
  | StoreDamaged
  /** A provider id is 1 to 64 small letters, digits and hyphens, for it names a part of the home. */
  | { readonly kind: "bad-node" }
  /** The home has an organisation of this id. */
  | { readonly kind: "node-taken" }
  | { readonly kind: "bad-name" };

const FOLDER = "organisation/";
const ABOUT = "/about";
const NODE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const NAME_MAX = 256;

/**
 * Draw keys for an organisation, in a part of a home of its own.
 *
 * Fails:   `bad-node`, `bad-name`, `node-taken`, `store-damaged`.
 * Source:  docs/decisions/0094-organisations-in-a-home.md.
 */
export async function keepOrganisation(
  home: KeyStore,
  about: OrganisationAbout,
): Promise<Result<KeptOrganisation, KeepError>> {
  const { node, name } = about;
  if (!NODE.test(node)) return fail({ kind: "bad-node" });
  if (name.trim() === "" || name.length > NAME_MAX) return fail({ kind: "bad-name" });
  const known = await home.read(nameOf(node));
  if (!known.ok) return known;
  if (known.value !== undefined) return fail({ kind: "node-taken" });
  const store = storeBelow(home, `${FOLDER}${node}`);
  const identity = await openOrCreateIdentity(store);
  if (!identity.ok) return identity;
  // Last: what has no name yet is founded again, with the keys that it has.
  await home.write(nameOf(node), utf8(JSON.stringify(about)));
  return ok({ about, identity: identity.value, store });
}

/** The organisations and departments of a home, by node. Fails: `store-damaged`. */
export async function keptOrganisations(
  home: KeyStore,
): Promise<Result<readonly KeptOrganisation[], StoreDamaged>> {
  const found: KeptOrganisation[] = [];
  for (const name of await home.list(FOLDER)) {
    const node = name.slice(FOLDER.length, -ABOUT.length);
    if (!name.endsWith(ABOUT) || !NODE.test(node)) continue;
    const stored = await home.read(name);
    if (!stored.ok) return stored;
    const about = aboutOf(stored.value);
    const store = storeBelow(home, `${FOLDER}${node}`);
    const identity = await openIdentity(store);
    if (about === undefined || !identity.ok) return fail({ kind: "store-damaged", name });
    found.push({ about, identity: identity.value, store });
  }
  return ok(found);
}

function nameOf(node: string): string {
  return `${FOLDER}${node}${ABOUT}`;
}

/** What this program wrote, so that only its absence is looked for. */
function aboutOf(bytes: Uint8Array | undefined): OrganisationAbout | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as OrganisationAbout;
  } catch {
    return undefined;
  }
}
