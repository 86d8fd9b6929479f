import { join } from "node:path";
import { ok, type Result, toHex } from "@salus/base";
import { type Card, type Cloud, certify, encodeCard, publishCertificates } from "@salus/client";
import type { Department, Identifier, Organisation } from "@salus/health";
import type { Homes } from "../homes/homes.ts";
import { homeFolder } from "../homes/person.ts";
import { publishProviders } from "../importing/registry.ts";
import { Child } from "../processes/child.ts";
import { type CertifyOrder, SALUS, SourceProcess } from "../processes/source.ts";
import type { Failure } from "../words.ts";

/** A hospital of the demo: its own process, and what is public of it. */
export interface Hospital {
  readonly organisation: Organisation;
  readonly process: SourceProcess;
  readonly card: Card;
}

/** Start a process for each hospital. They stop with `stop`, whatever happens to the rest. */
export class Hospitals {
  readonly all: Hospital[] = [];
  readonly #homes: Homes;
  readonly #cloud: Cloud;
  readonly #processes: SourceProcess[] = [];
  readonly #gateways: Child[] = [];

  constructor(homes: Homes, cloud: Cloud) {
    this.#homes = homes;
    this.#cloud = cloud;
  }

  /** Start them. */
  begin(organisations: readonly Organisation[], url: string): void {
    for (const organisation of organisations) {
      const { id, name } = organisation;
      const home = join(this.#homes.root.path, homeFolder("organisation", id));
      this.#processes.push(new SourceProcess(name, { home, node: id, cloud: url }));
    }
  }

  /**
   * Let each take what its physicians write, from now on, once it has delivered what it had recorded.
   *
   * Takes:   `authority`, whose word counts, in hexadecimal.
   */
  serve(urls: { readonly cloud: string; readonly directory: string }, authority: string): void {
    for (const { organisation } of this.all) {
      const home = join(this.#homes.root.path, homeFolder("organisation", organisation.id));
      const at = ["--home", home, "--node", organisation.id];
      const where = ["--cloud", urls.cloud, "--directory", urls.directory];
      const args = ["source", "serve", "--in-the-clear", ...at, ...where, "--authority", authority];
      this.#gateways.push(new Child(SALUS, args, { reads: false }));
    }
  }

  /** Wait until they are up, and publish who they are. Fails: `source-failed`, any `ClientError`. */
  async publish(organisations: readonly Organisation[]): Promise<Result<void, Failure>> {
    for (const [at, process] of this.#processes.entries()) {
      const card = await process.card();
      if (!card.ok) return card;
      const organisation = organisations[at] as Organisation;
      this.#list("organisation", organisation, "", toHex(card.value.sign));
      this.all.push({ organisation, process, card: card.value });
    }
    return this.#publish();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes, ...this.#gateways].map((process) => process.stop()));
  }

  /** Organisations are certified by the authority, departments by their hospital's own process. */
  async #publish(): Promise<Result<void, Failure>> {
    const authority = await this.#homes.authority();
    if (!authority.ok) return authority;
    const { identity } = authority.value;
    const certificates = this.all.map(({ organisation, card }) => {
      const { id: node, name, identifier } = organisation;
      const identifiers = [tokenOf(identifier)];
      return certify(identity, { role: "organisation", node, name, identifiers, card });
    });
    const published = await publishCertificates(this.#cloud, identity, certificates);
    if (!published.ok) return published;
    for (const { organisation, process } of this.all) {
      const orders = await this.#departments(organisation);
      if (!orders.ok) return orders;
      await process.tell({ certify: orders.value });
    }
    return publishProviders(this.#homes, this.#cloud, ["practitioner"]);
  }

  async #departments(
    organisation: Organisation,
  ): Promise<Result<readonly CertifyOrder[], Failure>> {
    const orders: CertifyOrder[] = [];
    for (const department of organisation.departments) {
      this.#list("department", department, organisation.id, "");
      for (const physician of department.physicians) {
        this.#list("practitioner", physician, department.id, "");
      }
      const person = this.#homes.byId("department", department.id);
      const resident = person && (await this.#homes.open(person));
      if (resident === undefined) continue;
      if (!resident.ok) return resident;
      orders.push({
        role: "department",
        node: department.id,
        parent: organisation.id,
        name: department.name,
        identifiers: [tokenOf(department.identifier)],
        card: encodeCard(resident.value.identity.card),
      });
    }
    return ok(orders);
  }

  #list(
    role: "organisation" | "department" | "practitioner",
    who: Pick<Department, "id" | "name" | "identifier">,
    parent: string,
    key: string,
  ): void {
    const { id, name } = who;
    const known = this.#homes.byId(role, id);
    if (known !== undefined && (key === "" || known.key === key)) return;
    const type = role === "practitioner" ? "Practitioner" : "Organization";
    const references = [`${type}/${id}`];
    const identifiers = [tokenOf(who.identifier)];
    this.#homes.put({ role, id, name, references, identifiers, parent, key });
  }
}

function tokenOf({ system, value }: Identifier): string {
  return `${system}|${value}`;
}
