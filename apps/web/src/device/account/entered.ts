import { ok, type Result } from "@salus/base";
import type { FactorKind } from "@salus/protocol";
import { type Open, setOpened } from "../open.ts";
import { type Person, writePerson } from "../person.ts";
import type { Failure } from "../problem.ts";
import { keepSite } from "../site.ts";
import type { Who } from "../who.ts";

/** How far somebody has come who is signing in, and what is asked of her next. */
export type Entered =
  | { readonly step: "in"; readonly who: Who }
  /** One of these will do; `again`: what was shown before was refused. */
  | {
      readonly step: "second-factor";
      readonly factors: readonly FactorKind[];
      readonly again: boolean;
    }
  /** Signed in, and nothing has opened the account here: another device approves by this card. */
  | { readonly step: "locked"; readonly card: string }
  /** The account has no second factor (any more): one must be added before anything else. */
  | { readonly step: "factor" }
  /** Open here, and no longer signed in: the password opens a new session. */
  | { readonly step: "password"; readonly login: string };

/**
 * Let somebody in who has a session, or, without a network, who has unlocked what is kept here.
 *
 * Takes:   `online`, false when it is known already that nobody answers.
 * Gives:   `in`, `locked` or `factor`.
 * Fails:   any `CloudError` but that nobody answers.
 */
export async function enter(open: Open, online = true): Promise<Result<Entered, Failure>> {
  await keepSite(open.store, open.site);
  await writePerson(open.store, open.person);
  await open.home.admit();
  setOpened(open);
  const { account } = open;
  if (!account.isUnlocked) return ok({ step: "locked", card: account.card() });
  const caller = account.caller();
  if (!caller.ok || !online) return ok({ step: "in", who: whoIs(open.person, false, undefined) });
  const info = await open.directory.account(caller.value);
  if (!info.ok && info.error.kind !== "unreachable") return info;
  if (!info.ok) return ok({ step: "in", who: whoIs(open.person, false, undefined) });
  const { factors, roles } = info.value;
  if (factors.length === 0) return ok({ step: "factor" });
  const person = { ...open.person, roles };
  open.become(account, person);
  await writePerson(open.store, person);
  return ok({ step: "in", who: whoIs(person, true, await certified(open)) });
}

/** What the registry calls somebody who works at an organisation; nothing of a patient. */
async function certified(
  open: Open,
): Promise<{ readonly name: string; readonly organisation: string } | undefined> {
  if (open.person.role === "patient") return undefined;
  const registry = await open.registry();
  const provider = registry.ok ? registry.value.byKey(open.identity.card.sign) : undefined;
  if (!registry.ok || provider === undefined) return undefined;
  const [top = ""] = provider.path;
  return { name: provider.name, organisation: registry.value.byNode(top)?.name ?? top };
}

function whoIs(
  { login, name, role, roles }: Person,
  online: boolean,
  certified: { readonly name: string; readonly organisation: string } | undefined,
): Who {
  const called = certified?.name ?? (name === "" ? undefined : name);
  return { login, name: called, role, roles, organisation: certified?.organisation, online };
}
