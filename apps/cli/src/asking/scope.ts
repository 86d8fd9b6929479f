import { fail, ok, type Result } from "@salus/base";
import type { Provider, Registry } from "@salus/client";
import type { Failure } from "../words.ts";

/**
 * The path of provider nodes that `--scope` names: an organisation, department or physician by node
 * or name, or several from above to below with `/` between them.
 *
 * Gives:   nodes from the organisation down. A physician's is the one under whom she is certified.
 * Fails:   `unknown-name`, `ambiguous-name`.
 */
export function scopeOf(registry: Registry, text: string): Result<readonly string[], Failure> {
  const parts = text.split("/").map((part) => part.trim());
  const path: string[] = [];
  for (const [at, part] of parts.entries()) {
    const provider = providerOf(registry, part);
    if (!provider.ok) return provider;
    if (at === 0) path.push(...lineOf(registry, provider.value));
    else path.push(provider.value.node);
  }
  return ok(path);
}

/** The nodes from the top down to a provider. */
function lineOf(registry: Registry, provider: Provider): readonly string[] {
  const line = [provider.node];
  let above = registry.byNode(provider.parent);
  while (above !== undefined && !line.includes(above.node)) {
    line.unshift(above.node);
    above = registry.byNode(above.parent);
  }
  return line;
}

function providerOf(registry: Registry, text: string): Result<Provider, Failure> {
  const what = "an organisation, department or physician in the registry";
  const byNode = registry.byNode(text);
  if (byNode !== undefined) return ok(byNode);
  const folded = text.toLowerCase();
  const all = registry.providers();
  const whole = all.filter(({ name }) => name.toLowerCase() === folded);
  const part = all.filter(({ name, node }) =>
    [name, node].some((one) => one.toLowerCase().startsWith(folded)),
  );
  const found = whole.length > 0 ? whole : part;
  const [first] = found;
  const known = (found.length > 1 ? found : all).map(({ node, name }) => `${node} (${name})`);
  if (first === undefined) return fail({ kind: "unknown-name", name: text, what, known });
  return found.length === 1 ? ok(first) : fail({ kind: "ambiguous-name", name: text, what, known });
}
