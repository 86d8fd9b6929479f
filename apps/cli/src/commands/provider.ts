import { toHex } from "@salus/base";
import { type Provider, type Registry, shownText } from "@salus/client";
import type { Command } from "commander";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openRegistry } from "../homes/clients.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import { counted } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

export interface ProviderOptions extends HomeOptions, CloudOptions {}

const MORE = `
Names come from certificates that lead to the authority whose key this home pins; the cloud only keeps
them. Any node is a --scope of \`salus search\`.

Examples:
  $ salus provider --home ./home --cloud http://127.0.0.1:8080
  $ salus provider general --home ./home --cloud http://127.0.0.1:8080`;

/** `provider`: the tree of organisations, departments and physicians. */
export function providerCommand(program: Command, shell: Shell): void {
  const command = program
    .command("provider [name]")
    .summary("the tree of organisations, departments and physicians")
    .description(
      "Print the public registry of providers as a tree; with a name, those whose name has it.",
    )
    .option("--json", "one line of JSON for each provider")
    .addHelpText("after", MORE)
    .action(
      shell.action((name: string | undefined, options: ProviderOptions) =>
        printProviders(shell.session, name ?? "", options),
      ),
    );
  withCloud(withHome(command));
}

/** Print the tree of providers, or those whose name has a text in it. */
export function printProviders(
  session: Session,
  name: string,
  options: ProviderOptions,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const cloud = await connect(options.cloud);
    const registry = cloud.ok ? await openRegistry(homes, cloud.value) : cloud;
    if (!registry.ok) return session.fail(registry.error);
    const shown = shownOf(registry.value, name.toLowerCase());
    if (session.forMachines) for (const provider of shown) session.json(providerJson(provider));
    else for (const line of treeOf(shown)) session.out(line);
    const count = (role: Provider["role"]): number =>
      shown.filter((provider) => provider.role === role).length;
    session.note(
      (["organisation", "department", "physician"] as const)
        .map((role) => counted(count(role), role))
        .join(", "),
    );
    return EXIT.done;
  });
}

/** The providers whose name or node has a text in it, with everybody above them. */
function shownOf(registry: Registry, text: string): readonly Provider[] {
  // A further device of a physician stands where she does.
  const all = registry.providers().filter(({ role }) => role !== "device");
  const shown = new Set<string>();
  for (const provider of all) {
    if (!`${provider.name} ${provider.node}`.toLowerCase().includes(text)) continue;
    let one: Provider | undefined = provider;
    while (one !== undefined && !shown.has(one.node)) {
      shown.add(one.node);
      one = registry.byNode(one.parent);
    }
  }
  return all.filter(({ node }) => shown.has(node));
}

/**
 * A tree as lines: each branch under the one above, by name.
 *
 * Everybody stands in it once, and where her path ends: a node alone is as whoever stands above has
 * chosen it, and may be that of a hospital elsewhere, or of whoever stands above herself.
 */
export function treeOf(providers: readonly Provider[]): readonly string[] {
  const below = groupByParent(providers);
  const lines: string[] = [];
  const draw = (parent: readonly string[], indent: string): void => {
    const key = JSON.stringify(parent);
    const children = [...(below.get(key) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    below.delete(key);
    for (const [at, { name, node, path, standing }] of children.entries()) {
      const last = at === children.length - 1;
      const branch = parent.length === 0 ? "" : last ? "└─ " : "├─ ";
      const remark = standing === "good" ? "" : "  suspended";
      lines.push(`${indent}${branch}${shownText(name, 128)}  [${shownText(node, 128)}]${remark}`);
      draw(path, parent.length === 0 ? "" : `${indent}${last ? "   " : "│  "}`);
    }
  };
  draw([], "");
  return lines;
}

function groupByParent(providers: readonly Provider[]): Map<string, Provider[]> {
  const below = new Map<string, Provider[]>();
  for (const provider of providers) {
    const above = JSON.stringify(provider.path.slice(0, -1));
    const siblings = below.get(above);
    if (siblings === undefined) below.set(above, [provider]);
    else siblings.push(provider);
  }
  return below;
}

function providerJson(provider: Provider): object {
  const { role, node, parent, name, identifiers, card, expires, standing } = provider;
  const until = new Date(expires).toISOString();
  return { role, node, parent, name, identifiers, key: toHex(card.sign), expires: until, standing };
}
