import { type Bytes, compareBytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type CertificateBook,
  certificateBook,
  certifiesOrganisation,
  pathThrough,
  type RegistryEntry,
  registryPosition,
  type SignedCertificate,
  type StatusBook,
  standingAt,
  statusBook,
  type TrustPolicy,
  verifyRegistryEntry,
} from "@salus/evaluate";
import type {
  CertificateStatus,
  Digest,
  RegistryPosition,
  Role,
  Statuses,
  VerifyKey,
} from "@salus/protocol";
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
  /** SHA-256 of the signed certificate: what an invitation names. */
  readonly certificate: Digest;
  /** Whether it, or one above it, is suspended or has left. */
  readonly standing: "good" | "suspended";
}

/** What a practitioner's device shows of itself to whoever it asks. Spec: requests §1. */
export interface Credentials {
  /** Signed certificates from the organisation's down to the device's own. */
  readonly certificates: readonly Bytes[];
  /** Of the physician's certificate. */
  readonly attestations: readonly Bytes[];
  /** Signed certificates of the physician's devices, this one's first. */
  readonly devices: readonly Bytes[];
}

/** Where providers are looked up, and whose word counts. */
export interface RegistryOptions {
  readonly cloud: Cloud;
  /** Keys of the authorities that certify organisations, which this program pins. */
  readonly authorities: readonly VerifyKey[];
  /** Keys of the authorities that attest physicians; the same when left out. */
  readonly attesters?: readonly VerifyKey[];
  /** So many of them must; 1 when left out. */
  readonly threshold?: number;
}

/** An entry of the registry, and the bytes that were signed. */
export interface Kept<E extends RegistryEntry = RegistryEntry> {
  readonly entry: E;
  readonly signed: Bytes;
}

/** What paths are looked for in. */
interface Tree {
  readonly book: CertificateBook;
  readonly organisations: readonly SignedCertificate[];
  readonly now: number;
}

/** A provider, and the certificates that lead to it. */
interface Found {
  readonly provider: Provider;
  readonly steps: readonly SignedCertificate[];
}

/**
 * Providers whose certificates lead to an authority that is pinned. What the cloud shows beside them
 * is not believed.
 */
export class Registry {
  readonly authorities: readonly VerifyKey[];
  /** Whom this registry believes about practitioners. */
  readonly policy: TrustPolicy;
  readonly #cloud: Cloud;
  /** By the last bytes of what was signed. */
  readonly #kept = new Map<string, Kept>();
  #byKey: ReadonlyMap<string, Found> = new Map();
  #statuses: StatusBook = new Map();
  /** All certificates, those of organisations that count, and when they were judged. */
  #tree: Tree = { book: certificateBook([]), organisations: [], now: 0 };

  constructor({ cloud, authorities, attesters = authorities, threshold = 1 }: RegistryOptions) {
    this.#cloud = cloud;
    this.authorities = authorities;
    this.policy = { registries: authorities, authorities: attesters, threshold };
  }

  /** Fetch and verify all that is published. Fails: any `CloudError`. */
  static async load(options: RegistryOptions): Promise<Result<Registry, CloudError>> {
    const registry = new Registry(options);
    const loaded = await registry.refresh();
    return loaded.ok ? ok(registry) : loaded;
  }

  /**
   * Fetch everything anew: entries are listed by key, so that new ones stand anywhere.
   *
   * Cost:    a signature for each entry that was not seen before.
   */
  async refresh(now: number = Date.now()): Promise<Result<void, CloudError>> {
    let after: RegistryPosition | undefined;
    for (let more = true; more; ) {
      const page = await this.#cloud.providers(after);
      if (!page.ok) return page;
      let last: RegistryPosition | undefined;
      for (const signed of page.value.certificates) {
        const entry = this.#keep(signed);
        if (entry !== undefined) last = registryPosition(entry);
      }
      more = page.value.more;
      const advances = last !== undefined && compareBytes(last, after ?? new Uint8Array()) > 0;
      if (more && !advances) return fail({ kind: "malformed-answer", what: "providers" });
      after = last;
    }
    this.#judge(now);
    return ok(undefined);
  }

  /** Everybody, an organisation before those below it. */
  providers(): readonly Provider[] {
    const all = [...this.#byKey.values()].map(({ provider }) => provider);
    return all.sort((a, b) => comparePaths(a.path, b.path));
  }

  byKey(key: Uint8Array): Provider | undefined {
    return this.#byKey.get(toHex(key))?.provider;
  }

  /** Who has a provider id; of several, the one that stands highest, and a person before her devices. */
  byNode(node: string): Provider | undefined {
    let found: Provider | undefined;
    for (const { provider } of this.#byKey.values()) {
      if (provider.node !== node || provider.role === "device") continue;
      if (found === undefined || provider.path.length < found.path.length) found = provider;
    }
    return found;
  }

  /** Whom a certificate is about, if it counts. */
  byCertificate(certificate: Digest): Provider | undefined {
    return this.providers().find((provider) => equalBytes(provider.certificate, certificate));
  }

  /** What is known of certificates beside themselves. */
  get statuses(): StatusBook {
    return this.#statuses;
  }

  /**
   * Whether a certificate that a key had at a time, or one above it, was suspended since. Others may
   * certify the same key anew, or say something else of it: what was given to it before ends all the same.
   */
  wasSuspended(key: VerifyKey, since: number): boolean {
    const { book, organisations, now } = this.#tree;
    const { authorities } = this;
    const standing = { statuses: this.#statuses, authorities };
    const good = ({ hash }: SignedCertificate, at: number): boolean =>
      standingAt(this.#statuses, hash, authorities, at) === "good";
    return organisations.some((organisation) => {
      const { subject, node } = organisation.payload;
      const root = { key: subject, node };
      if (!good(organisation, since)) return false;
      const ended = !good(organisation, now);
      if (equalBytes(subject, key)) return ended;
      return (book.about.get(toHex(key)) ?? []).some((certificate) => {
        if (!pathThrough(book, root, certificate, since, standing).ok) return false;
        const path = pathThrough(book, root, certificate, now, standing);
        return ended || (!path.ok && path.error.kind === "certificate-suspended");
      });
    });
  }

  /** What is said of a certificate by those whose word counts, in the order of the numbers. */
  statusesOf(certificate: Digest): readonly CertificateStatus[] {
    const found = [...this.#byKey.values()].find(({ provider }) =>
      equalBytes(provider.certificate, certificate),
    );
    const above = this.#above(found);
    return (this.#statuses.get(toHex(certificate)) ?? [])
      .filter(({ signer }) => above.some((key) => equalBytes(key, signer)))
      .map(({ payload }) => payload)
      .sort((a, b) => a.seq - b.seq);
  }

  /**
   * What the directory is told of a certificate: its path, and what those above it say of it. What
   * anybody else says the directory would refuse, and all of it.
   */
  standingOf(key: VerifyKey): Statuses | undefined {
    const found = this.#byKey.get(toHex(key));
    if (found === undefined) return undefined;
    const { certificate } = found.provider;
    const above = this.#above(found);
    const statuses = [...this.#kept.values()].filter(
      ({ entry }) =>
        entry.type === "certificate/status" &&
        equalBytes(entry.payload.certificate, certificate) &&
        above.some((key) => equalBytes(key, entry.signer)),
    );
    return {
      statuses: statuses.map(({ signed }) => signed),
      certificates: found.steps.flatMap(({ hash }) => this.#signed(hash)),
    };
  }

  /** The signed certificate of this hash, whether it counts or not. */
  certificate(hash: Digest): SignedCertificate | undefined {
    return this.#certificates().find(({ entry }) => equalBytes(entry.hash, hash))?.entry;
  }

  /** What a practitioner's key shows of itself; nothing for a key that is no practitioner's. */
  credentials(key: VerifyKey): Credentials | undefined {
    const found = this.#byKey.get(toHex(key));
    const physician = found?.steps.find(({ payload }) => payload.role === "physician");
    const own = found?.steps.at(-1);
    if (found === undefined || physician === undefined || own === undefined) return undefined;
    const attestations = [...this.#kept.values()].filter(
      ({ entry }) =>
        entry.type === "attestation" && equalBytes(entry.payload.certificate, physician.hash),
    );
    const others = [...this.#byKey.values()].flatMap(({ steps }) => {
      const last = steps.at(-1);
      const hers = steps.some(({ hash }) => equalBytes(hash, physician.hash));
      return hers && last !== undefined && !equalBytes(last.hash, own.hash) ? [last] : [];
    });
    return {
      certificates: found.steps.flatMap(({ hash }) => this.#signed(hash)),
      attestations: attestations.map(({ signed }) => signed),
      devices: [own, ...others].flatMap(({ hash }) => this.#signed(hash)),
    };
  }

  /** Until when enough attesters vouch for a certificate; nothing when too few do now. */
  attestedUntil({ certificate }: Pick<Provider, "certificate">): number | undefined {
    const { authorities, threshold } = this.policy;
    const ends = authorities.map((key) => {
      const hers = this.signedBy(key).flatMap(({ entry }) =>
        entry.type === "attestation" && equalBytes(entry.payload.certificate, certificate)
          ? [entry.payload.expires]
          : [],
      );
      return Math.max(0, ...hers);
    });
    const end = ends.sort((x, y) => y - x)[threshold - 1] ?? 0;
    return end > this.#tree.now ? end : undefined;
  }

  /** Everything that a key has signed and that was published, whether it counts or not. */
  signedBy(key: VerifyKey): readonly Kept[] {
    return [...this.#kept.values()].filter(({ entry }) => {
      const by = entry.type === "certificate" ? entry.payload.issuer : entry.signer;
      return equalBytes(by, key);
    });
  }

  /** Whose word on somebody's certificate counts. */
  #above(found: Found | undefined): readonly VerifyKey[] {
    const steps = found?.steps ?? [];
    return [...this.authorities, ...steps.map(({ payload }) => payload.issuer)];
  }

  #keep(signed: Bytes): RegistryEntry | undefined {
    const name = toHex(signed.subarray(-64));
    const known = this.#kept.get(name);
    if (known !== undefined) return known.entry;
    const verified = verifyRegistryEntry(signed);
    if (!verified.ok) return undefined;
    this.#kept.set(name, { entry: verified.value, signed });
    return verified.value;
  }

  #certificates(): readonly Kept<SignedCertificate>[] {
    return [...this.#kept.values()].flatMap(({ entry, signed }) =>
      entry.type === "certificate" ? [{ entry, signed }] : [],
    );
  }

  #signed(hash: Digest): readonly Bytes[] {
    const kept = this.#certificates().find(({ entry }) => equalBytes(entry.hash, hash));
    return kept === undefined ? [] : [kept.signed];
  }

  #judge(now: number): void {
    const entries = [...this.#kept.values()].map(({ entry }) => entry);
    const all = this.#certificates().map(({ entry }) => entry);
    this.#statuses = statusBook(entries.filter((entry) => entry.type === "certificate/status"));
    const book = certificateBook(all);
    const { authorities } = this;
    const standing = { statuses: this.#statuses, authorities };
    const organisations = all.filter(
      ({ payload }) => certifiesOrganisation(payload, authorities, now).ok,
    );
    this.#tree = { book, organisations, now };
    const found = new Map<string, Found>();
    for (const organisation of organisations) {
      const good = standingAt(this.#statuses, organisation.hash, authorities, now) === "good";
      add(found, [organisation], good ? "good" : "suspended");
    }
    const disputed = new Set<string>();
    for (const certificate of all) {
      const { payload } = certificate;
      if (payload.role === "organisation") continue;
      for (const organisation of organisations) {
        const { subject, node } = organisation.payload;
        const root = { key: subject, node };
        const above = found.get(toHex(subject))?.provider.standing;
        const path = pathThrough(book, root, certificate, now, standing);
        // Who is suspended keeps her name, for what she wrote before.
        const suspended = !path.ok && path.error.kind === "certificate-suspended";
        const anyway = suspended ? pathThrough(book, root, certificate, now) : path;
        if (!anyway.ok) continue;
        const stands = path.ok && above === "good" ? "good" : "suspended";
        if (add(found, [organisation, ...anyway.value], stands) === "disputed") {
          disputed.add(toHex(payload.subject));
        }
      }
    }
    // Whose keys organisations do not agree on, nobody must wrap anything to.
    for (const key of disputed) found.delete(key);
    this.#byKey = found;
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
  found: Map<string, Found>,
  steps: readonly SignedCertificate[],
  standing: Provider["standing"],
): "entered" | "disputed" {
  const last = steps.at(-1);
  if (last === undefined) return "entered";
  const {
    role,
    node,
    parent,
    name,
    identifiers,
    subject: sign,
    suite,
    kem,
    expires,
  } = last.payload;
  const known = found.get(toHex(sign))?.provider;
  if (known !== undefined && role !== "organisation") {
    if (known.role === "organisation") return "entered";
    if (known.card.suite !== suite || !equalBytes(known.card.kem, kem)) return "disputed";
  }
  const worse = known !== undefined && known.standing === "good" && standing === "suspended";
  const better = known !== undefined && known.standing === "suspended" && standing === "good";
  if (worse || (!better && (known?.expires ?? 0) > expires)) return "entered";
  // A further device stands where its person does.
  const nodes = steps.filter(({ payload }) => payload.role !== "device");
  const path = nodes.map(({ payload }) => payload.node);
  const card = { sign, suite, kem };
  const provider: Provider = {
    ...{ role, node, parent, path, name, identifiers, card, expires },
    certificate: last.hash,
    standing,
  };
  found.set(toHex(sign), { provider, steps });
  return "entered";
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  const [x, y] = [a.join("\0"), b.join("\0")];
  return x < y ? -1 : x > y ? 1 : 0;
}
