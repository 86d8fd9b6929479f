import { ok, type Result } from "@salus/base";
import type { Category } from "@salus/health";
import { withOpen } from "../open.ts";
import type { Problem } from "../problem.ts";
import { Kept } from "./kept.ts";

/** What a practitioner asks for again and again. */
export interface Template {
  readonly name: string;
  readonly purpose: string;
  /** `ordinary` is all that is not sensitive. */
  readonly breadth: "ordinary" | "some" | "all";
  readonly categories: readonly Category[];
  /** Organisation nodes, unless it is `everywhere`. */
  readonly sources: readonly string[];
  readonly everywhere: boolean;
  /** How long she wants to read. */
  readonly days: string;
  readonly note: string;
}

const TEMPLATES = new Kept<readonly Template[]>("web/templates", []);

export function list(): Promise<Result<readonly Template[], Problem>> {
  return withOpen((open) => TEMPLATES.read(open.store));
}

/** Keep one, in place of one of the same name. */
export function keep(template: Template): Promise<Result<readonly Template[], Problem>> {
  return change((all) => [...all.filter(({ name }) => name !== template.name), template]);
}

export function remove(name: string): Promise<Result<readonly Template[], Problem>> {
  return change((all) => all.filter((one) => one.name !== name));
}

function change(
  how: (all: readonly Template[]) => readonly Template[],
): Promise<Result<readonly Template[], Problem>> {
  return withOpen(async (open) => {
    const before = await TEMPLATES.read(open.store);
    if (!before.ok) return before;
    const after = how(before.value).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    await TEMPLATES.write(open.store, after);
    return ok(after);
  });
}
