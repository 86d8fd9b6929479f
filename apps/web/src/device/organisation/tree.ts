import { equalBytes, ok, type Result } from "@salus/base";
import { type KeptOrganisation, type Provider, type Registry, shownText } from "@salus/client";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { newestRegistry, organisations } from "./kept.ts";

/** How somebody stands. `above`: she is as she should be, and somebody above her is not. */
export type Stands = "uncertified" | "good" | "suspended" | "left" | "above";

/** A node of an organisation's tree: itself, a department, or somebody who works there. */
export interface NodeView {
  readonly node: string;
  readonly name: string;
  readonly role: "organisation" | "department" | "physician";
  readonly parent: string;
  /** How far below its organisation. */
  readonly depth: number;
  /** Whether its keys are in this home, so that it can invite and certify. */
  readonly kept: boolean;
  readonly stands: Stands;
  /** When its certificate ends. */
  readonly until: number | undefined;
  /** Until when the authorities vouch for a physician's registration. */
  readonly attestedUntil: number | undefined;
  /** Further devices that a physician has certified herself. */
  readonly devices: number;
}

/** An organisation whose keys are here, and everybody below it. */
export interface TreeView {
  readonly node: string;
  readonly name: string;
  readonly identifiers: readonly string[];
  /** Itself first, then each above those below it. */
  readonly nodes: readonly NodeView[];
}

const NAME_MAX = 128;

/** The organisations that are kept here, with everybody's standing now. Fails: any `CloudError`. */
export function tree(): Promise<Result<readonly TreeView[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly TreeView[], Failure>> => {
    const all = await organisations(open);
    if (!all.ok) return all;
    if (all.value.length === 0) return ok([]);
    const registry = await newestRegistry(open);
    if (!registry.ok) return registry;
    const tops = all.value.filter(({ about }) => about.role === "organisation");
    return ok(tops.map((top) => treeOf(top, all.value, registry.value)));
  });
}

function treeOf(
  top: KeptOrganisation,
  all: readonly KeptOrganisation[],
  registry: Registry,
): TreeView {
  const { node, name, identifiers } = top.about;
  const own = registry.byKey(top.identity.card.sign);
  const listed = own === undefined ? [] : below(registry, own);
  const people = listed.filter(({ role }) => role !== "device");
  const isKept = (one: Provider): boolean =>
    all.some(({ identity }) => equalBytes(identity.card.sign, one.card.sign));
  const nodes = people.map((one): NodeView => {
    const devices = listed.filter(({ role, parent }) => role === "device" && parent === one.node);
    return {
      ...{ node: one.node, parent: one.parent, role: roleOf(one) },
      name: shownText(one.name, NAME_MAX),
      depth: one.path.length - 1,
      kept: isKept(one),
      stands: standsOf(registry, one),
      until: one.expires,
      attestedUntil: one.role === "physician" ? registry.attestedUntil(one) : undefined,
      devices: devices.length,
    };
  });
  const here = all.filter(({ about }) => about === top.about || about.parent === node);
  const missing = here.filter(({ identity }) => registry.byKey(identity.card.sign) === undefined);
  return { node, name, identifiers, nodes: [...nodes, ...missing.map(uncertified)] };
}

/** An organisation, and everybody whose certificates lead through it. */
export function below(registry: Registry, own: Provider): readonly Provider[] {
  const [top] = own.path;
  return registry.providers().filter(({ path }) => path[0] === top);
}

function roleOf({ role }: Provider): NodeView["role"] {
  return role === "organisation" || role === "department" ? role : "physician";
}

function standsOf(registry: Registry, one: Provider): Stands {
  const last = registry.statusesOf(one.certificate).at(-1)?.status;
  if (last === "left") return "left";
  if (last === "suspended") return "suspended";
  return one.standing === "good" ? "good" : "above";
}

function uncertified({ about }: KeptOrganisation): NodeView {
  const { node, name, role, parent } = about;
  const depth = role === "organisation" ? 0 : 1;
  const nothing = { until: undefined, attestedUntil: undefined, devices: 0 };
  return { node, name, role, parent, depth, kept: true, stands: "uncertified", ...nothing };
}
