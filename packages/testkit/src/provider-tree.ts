import type { Bytes } from "@salus/base";
import {
  attest,
  type Card,
  type Cloud,
  certify,
  certifyDevice,
  publishCertificates,
  Registry,
  type RegistryOptions,
  signStatus,
} from "@salus/client";
import { invitationKey, MailboxKeys } from "@salus/crypto";
import type { Role } from "@salus/protocol";
import { must, type Somebody, somebody } from "./world.ts";

/** An authority, and the providers below it, as a registry of a cloud has them. */
export class ProviderTree {
  readonly authority: Somebody;
  readonly #cloud: Cloud;

  constructor(cloud: Cloud, authority: Somebody) {
    this.#cloud = cloud;
    this.authority = authority;
  }

  static async plant(cloud: Cloud): Promise<ProviderTree> {
    return new ProviderTree(cloud, await somebody());
  }

  /** What is in the cloud now, by this authority's word. */
  async registry(options: Partial<RegistryOptions> = {}): Promise<Registry> {
    const authorities = [this.authority.identity.card.sign];
    return must(await Registry.load({ cloud: this.#cloud, authorities, ...options }));
  }

  /** An organisation, certified by the authority. */
  organisation(node: string, who?: Somebody): Promise<TestProvider> {
    return this.#below({ ...this.authority, node: "" }, "organisation", node, who);
  }

  /** A physician of an organisation or department, attested for a week. */
  async physician(above: TestProvider, node: string, who?: Somebody): Promise<TestPhysician> {
    const physician = await this.certifiedPhysician(above, node, who);
    await this.attest(physician.identity.card);
    return physician;
  }

  /** A physician whom nobody has attested. */
  async certifiedPhysician(
    above: TestProvider,
    node: string,
    who?: Somebody,
  ): Promise<TestPhysician> {
    const physician = await this.#below(above, "physician", node, who);
    return { ...physician, mailbox: newMailbox() };
  }

  /** Suspend somebody, by who is above her. */
  async suspend(above: Somebody, card: Card, now?: number): Promise<void> {
    const registry = await this.registry();
    const provider = registry.byKey(card.sign);
    if (provider === undefined) throw new Error("only who is certified is suspended");
    await this.publish(above, [signStatus(above.identity, registry, provider, "suspended", now)]);
  }

  department(above: TestProvider, node: string): Promise<TestProvider> {
    return this.#below(above, "department", node);
  }

  /** A further device of a physician. */
  async device(of: TestPhysician): Promise<TestPhysician> {
    const further = await somebody();
    const own = (await this.registry()).byKey(of.identity.card.sign);
    if (own === undefined) throw new Error("the physician is not certified");
    const certificate = certifyDevice(of.identity, own, further.identity.card);
    await this.publish(of, [certificate]);
    return { ...of, ...further, certificate };
  }

  async attest(card: Card, authority: Somebody = this.authority, now?: number): Promise<void> {
    const provider = (await this.registry()).byKey(card.sign);
    if (provider === undefined) throw new Error("only who is certified is attested");
    await this.publish(authority, [attest(authority.identity, provider, now)]);
  }

  async publish(who: Somebody, signed: readonly Bytes[]): Promise<void> {
    must(await publishCertificates(this.#cloud, who.identity, signed));
  }

  async #below(
    above: Somebody & { readonly node: string },
    role: Role,
    node: string,
    who?: Somebody,
  ): Promise<TestProvider> {
    const somebodyNew = who ?? (await somebody());
    const certificate = certify(above.identity, {
      ...{ role, node, parent: above.node, name: `Name of ${node}` },
      card: somebodyNew.identity.card,
      notBefore: Date.now() - 1000,
    });
    await this.publish(above, [certificate]);
    return { ...somebodyNew, node, certificate };
  }
}

/** Somebody with a certificate. */
export interface TestProvider extends Somebody {
  readonly node: string;
  readonly certificate: Bytes;
}

export interface TestPhysician extends TestProvider {
  readonly mailbox: MailboxKeys;
}

/** A mailbox that nobody else has the keys of. */
export function newMailbox(): MailboxKeys {
  return new MailboxKeys(invitationKey(crypto.getRandomValues(new Uint8Array(16))));
}
