import { compareBytes, concat, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  certificateBook,
  certifiesOrganisation,
  pathThrough,
  type Statement,
  verifyCertificate,
} from "@salus/evaluate";
import { type Certificate, RegistryPosition, type Role, type VerifyKey } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { CloudError } from "../failure.ts";
import type { Card } from "../identity.ts";

/** A node of the provider tree, as its certificate says. */
export interface Provider {
  readonly role: Role;
  readonly node: string;
  /** Node of the issuer, empty for an organisation. */
  readonly parent: string;
  /** Nodes from the organisation down to this one. */
  readonly path: readonly string[];
  readonly name: string;
  /** `system|value`. */
  readonly identifiers: readonly string[];
  readonly card: Card;
  readonly expires: number;
}

/** Where providers are looked up, and whose word on organisations counts. */
export interface RegistryOptions {
  readonly cloud: Cloud;
  /** Keys of the authorities that this program pins. */
  readonly authorities: readonly VerifyKey[];
}

/**
 * Providers whose certificates lead to an authority that is pinned. What the cloud shows beside them
 * is not believed.
 */
export class Registry {
  readonly authorities: readonly VerifyKey[];
  readonly #cloud: Cloud;
  readonly #certificates = new Map<string, Statement<"certificate">>();
  #byKey: ReadonlyMap<string, Provider> = new Map();

  constructor({ cloud, authorities }: RegistryOptions) {
    this.#cloud = cloud;
    this.authorities = authorities;
  }

  /** Fetch and verify all that is published. Fails: any `CloudError`. */
  static async load(options: RegistryOptions): Promise<Result<Registry, CloudError>> {
    const registry = new Registry(options);
    const loaded = await registry.refresh();
    return loaded.ok ? ok(registry) : loaded;
  }

  /**
   * Fetch everything anew: certificates are listed by key, so that new ones stand anywhere.
   *
   * Cost:    a signature for each certificate that was not seen before.
   */
  async refresh(): Promise<Result<void, CloudError>> {
    let after: RegistryPosition | undefined;
    for (let more = true; more; ) {
      const page = await this.#cloud.providers(after);
      if (!page.ok) return page;
      let last: RegistryPosition | undefined;
      for (const signed of page.value.certificates) {
        const name = toHex(signed.subarray(-64));
        const known = this.#certificates.get(name);
        const verified = known === undefined ? verifyCertificate(signed) : ok(known);
        if (!verified.ok) continue;
        this.#certificates.set(name, verified.value);
        const { payload, hash } = verified.value;
        last = RegistryPosition.of(concat(payload.subject, hash));
      }
      more = page.value.more;
      const advances = last !== undefined && compareBytes(last, after ?? new Uint8Array()) > 0;
      if (more && !advances) return fail({ kind: "malformed-answer", what: "providers" });
      after = last;
    }
    this.#byKey = this.#judge(Date.now());
    return ok(undefined);
  }

  /** Everybody, an organisation before those below it. */
  providers(): readonly Provider[] {
    return [...this.#byKey.values()].sort((a, b) => comparePaths(a.path, b.path));
  }

  byKey(key: Uint8Array): Provider | undefined {
    return this.#byKey.get(toHex(key));
  }

  /** Who has a provider id; of several, the one that stands highest. */
  byNode(node: string): Provider | undefined {
    let found: Provider | undefined;
    for (const provider of this.#byKey.values()) {
      if (provider.node !== node) continue;
      if (found === undefined || provider.path.length < found.path.length) found = provider;
    }
    return found;
  }

  #judge(now: number): ReadonlyMap<string, Provider> {
    const all = [...this.#certificates.values()];
    const book = certificateBook(all);
    const organisations = all
      .map(({ payload }) => payload)
      .filter((payload) => certifiesOrganisation(payload, this.authorities, now).ok);
    const found = new Map<string, Provider>();
    for (const organisation of organisations) add(found, organisation, []);
    const disputed = new Set<string>();
    for (const certificate of all) {
      const { payload } = certificate;
      if (payload.role === "organisation") continue;
      for (const { subject, node } of organisations) {
        const path = pathThrough(book, { key: subject, node }, certificate, now);
        if (!path.ok) continue;
        const above = [node, ...path.value.slice(0, -1).map(({ payload: step }) => step.node)];
        if (add(found, payload, above) === "disputed") disputed.add(toHex(payload.subject));
      }
    }
    // Whose keys organisations do not agree on, nobody must wrap anything to.
    for (const key of disputed) found.delete(key);
    return found;
  }
}

/**
 * Enter what a certificate says. What an authority says of a key stands above what any organisation
 * says of it; of several that say alike, the one that is good for longest counts.
 *
 * Gives:   `disputed` when another organisation gives the same signing key another key to wrap to:
 *          one of them would read what is meant for somebody else.
 */
function add(
  found: Map<string, Provider>,
  certificate: Certificate,
  above: readonly string[],
): "entered" | "disputed" {
  const { role, node, parent, name, identifiers, subject: sign, suite, kem, expires } = certificate;
  const known = found.get(toHex(sign));
  if (known !== undefined && role !== "organisation") {
    if (known.role === "organisation") return "entered";
    if (known.card.suite !== suite || !equalBytes(known.card.kem, kem)) return "disputed";
  }
  if ((known?.expires ?? 0) > expires) return "entered";
  const card = { sign, suite, kem };
  const path = [...above, node];
  found.set(toHex(sign), { role, node, parent, path, name, identifiers, card, expires });
  return "entered";
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
