import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { VaultHandle } from "@salus/protocol";
import { described } from "../described.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { shownName } from "../record/lines.ts";
import { readRecordOf } from "../record/room.ts";

/** A record of somebody who trusts her with it. */
export interface OthersRecord {
  /** The handle of the vault, in hexadecimal. */
  readonly vault: string;
  /** As the record says, where it does. */
  readonly name: string | undefined;
  readonly until: number;
}

/**
 * Records of others that she may read on this device.
 *
 * Fails:   any `ClientError` of looking for them; one that cannot be read is left without a name.
 */
export function others(): Promise<Result<readonly OthersRecord[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly OthersRecord[], Failure>> => {
    const patient = await open.patient();
    if (!patient.ok) return patient;
    const reader = await open.reader();
    if (!reader.ok) return reader;
    const vaults = await reader.value.vaults();
    if (!vaults.ok) return vaults;
    const foreign = vaults.value.filter((vault) => !equalBytes(vault, patient.value.vault));
    const found: OthersRecord[] = [];
    for (const vault of foreign) {
      const name = await nameIn(open, vault);
      const until = untilOf(open, vault);
      if (until !== undefined) found.push({ vault: toHex(vault), name, until });
    }
    return ok(found);
  });
}

/**
 * Read another's record from now on, wherever this device reads one; or her own again.
 *
 * Takes:   `vault`, in hexadecimal; left out for her own.
 * Fails:   `not-found`, when nobody lets her read that.
 */
export function read(vault?: string): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const handle = vault === undefined ? undefined : VaultHandle.fromHex(vault);
    if (handle?.ok === false) return fail({ kind: "not-found" });
    if (handle !== undefined && untilOf(open, handle.value) === undefined) {
      return fail({ kind: "not-found" });
    }
    readRecordOf(open, handle?.value);
    return ok(undefined);
  });
}

/** What the record says that its patient is called. */
async function nameIn(open: Open, vault: VaultHandle): Promise<string | undefined> {
  const reader = await open.reader();
  const answer = reader.ok
    ? await reader.value.search("Patient?_count=1", { vaults: [vault] })
    : reader;
  if (!answer.ok) return undefined;
  for await (const { resource } of answer.value) return shownName(described(resource).title);
  return undefined;
}

/** Until when a vault that was asked lets this device read; nothing when it does not. */
function untilOf({ chains, identity }: Open, vault: VaultHandle): number | undefined {
  const state = chains.get(vault)?.state;
  const ends = [...(state?.grants.values() ?? [])]
    .filter(
      ({ status, terms }) => status === "live" && equalBytes(terms.grantee, identity.card.sign),
    )
    .map(({ terms }) => terms.expires)
    .filter((end) => end > Date.now());
  return ends.length === 0 ? undefined : Math.max(...ends);
}
