import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type {
  AccountDeviceLink,
  AccountLinkType,
  AccountPayloads,
  AccountRootLink,
  AccountUnlockLink,
  KemPublic,
  VerifyKey,
} from "@salus/protocol";
import {
  type AccountDraft,
  currentRoot,
  isOpenerKnown,
  liveOpener,
  liveOpeners,
} from "./account-state.ts";
import { named } from "./chain-state.ts";
import { type BadKey, checkKey } from "./signature.ts";

/** Why a link does not follow from the account before it. Spec: accounts §3. */
export type AccountRuleError =
  | { readonly kind: "chain-duplicate" }
  | { readonly kind: "unknown-device" }
  | { readonly kind: "unknown-unlock" }
  | { readonly kind: "not-live" }
  | { readonly kind: "chain-fields" }
  | { readonly kind: "unlisted-wrap" }
  | BadKey;

type Ruled = Result<void, AccountRuleError>;

/** The links that can follow a genesis. */
export type LaterAccountType = Exclude<AccountLinkType, "account/genesis">;

const DONE: Ruled = ok(undefined);
const DUPLICATE: Ruled = fail({ kind: "chain-duplicate" });
const NOT_LIVE: Ruled = fail({ kind: "not-live" });
const FIELDS: Ruled = fail({ kind: "chain-fields" });

/** One rule for each type of link, as in `linkRules` of the vault's chain. */
export const accountRules: {
  readonly [T in LaterAccountType]: (draft: AccountDraft, link: AccountPayloads[T]) => Ruled;
} = {
  "account/device": (draft, link) =>
    link.op === "add" ? addDevice(draft, link) : removeDevice(draft, link),
  "account/unlock": (draft, link) =>
    link.op === "add" ? addUnlock(draft, link) : removeUnlock(draft, link),
  "account/root": sealRoots,
};

function addDevice(draft: AccountDraft, { device }: AccountDeviceLink): Ruled {
  if (isOpenerKnown(draft, device.id) || wasSigner(draft, device.sign)) return DUPLICATE;
  draft.devices.set(toHex(device.id), { ...device, status: "live" });
  if (draft.owed === "nothing") draft.owed = "wraps";
  return checkKey(device.sign);
}

function removeDevice(draft: AccountDraft, { device }: AccountDeviceLink): Ruled {
  const known = named(draft.devices, device.id);
  if (known === undefined) return fail({ kind: "unknown-device" });
  if (known.status !== "live") return NOT_LIVE;
  if (!equalBytes(known.sign, device.sign) || !sameKem(known, device)) return FIELDS;
  draft.devices.set(toHex(device.id), { ...known, status: "removed" });
  draft.owed = "new root";
  return somebodyLeft(draft);
}

function addUnlock(draft: AccountDraft, { unlock }: AccountUnlockLink): Ruled {
  if (isOpenerKnown(draft, unlock.id)) return DUPLICATE;
  draft.unlocks.set(toHex(unlock.id), { ...unlock, status: "live" });
  if (draft.owed === "nothing") draft.owed = "wraps";
  return DONE;
}

function removeUnlock(draft: AccountDraft, { unlock }: AccountUnlockLink): Ruled {
  const known = named(draft.unlocks, unlock.id);
  if (known === undefined) return fail({ kind: "unknown-unlock" });
  if (known.status !== "live") return NOT_LIVE;
  if (known.kind !== unlock.kind || !sameKem(known, unlock)) return FIELDS;
  draft.unlocks.set(toHex(unlock.id), { ...known, status: "removed" });
  draft.owed = "new root";
  return somebodyLeft(draft);
}

/** Wraps for each live device and way to unlock, and for nobody else. */
function sealRoots(draft: AccountDraft, { seq, root, wraps }: AccountRootLink): Ruled {
  const isNew = !equalBytes(root, currentRoot(draft));
  if (isNew && wasSigner(draft, root)) return DUPLICATE;
  if (!isNew && draft.owed === "new root") return FIELDS;
  for (const { to, wrap } of wraps) {
    const opener = liveOpener(draft, to);
    if (opener === undefined) return fail({ kind: "unlisted-wrap" });
    if (opener.suite !== wrap.suite) return FIELDS;
  }
  // They are sorted, so each is for somebody else.
  if (wraps.length !== liveOpeners(draft).length) return FIELDS;
  if (isNew) draft.roots.push(root);
  draft.sealed = { seq, wraps };
  draft.owed = "nothing";
  return checkKey(root);
}

/** A signing key of a device or a root is never used for another, and never again. */
function wasSigner(draft: AccountDraft, key: VerifyKey): boolean {
  const devices = [...draft.devices.values()].map(({ sign }) => sign);
  return [...devices, ...draft.roots].some((known) => equalBytes(known, key));
}

function somebodyLeft(draft: AccountDraft): Ruled {
  return liveOpeners(draft).length > 0 ? DONE : NOT_LIVE;
}

function sameKem(a: KemPublic, b: KemPublic): boolean {
  return a.suite === b.suite && equalBytes(a.kem, b.kem);
}
