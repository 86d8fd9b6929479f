import { fail, ok, type Result, toHex } from "@salus/base";
import { AssociationDesk, deedsOf, type KeyStore, noteDeed } from "@salus/client";
import { Source } from "@salus/client/writer";
import { Digest } from "@salus/protocol";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { certifiedOrganisation, organisationOf } from "./kept.ts";

/** A patient who has let an organisation in: nothing of her record is shown. */
export interface AssociationView {
  /** Of the invitation that she answered. */
  readonly reference: string;
  /** What the organisation calls her. */
  readonly label: string;
  /** What its own records name her by; empty when nobody has said. */
  readonly localId: string;
  readonly vault: string;
  /** When her answer was collected, if that was here. */
  readonly since: number | undefined;
  /** Whether she lets it in now; unknown when the cloud did not say. */
  readonly live: boolean | undefined;
}

/** Which certificate it has matters only to invite. */
const NO_CERTIFICATE = Digest.of(new Uint8Array(32));
const LABEL_MAX = 200;
const ID_MAX = 64;

/** Whose vault is whose at an organisation. */
export function deskOf(store: KeyStore): AssociationDesk {
  return new AssociationDesk(NO_CERTIFICATE, store);
}

/**
 * Invite a patient to let an organisation write into her record.
 *
 * Takes:   `localId`, by which the organisation's own records name her; it is no part of the invitation.
 * Gives:   the text, for her alone.
 * Fails:   `bad-name`, `bad-node`, `not-certified`, any `CloudError`; `node-taken`: the id is another
 *          patient's.
 */
export function invitePatient(
  by: string,
  label: string,
  localId: string,
): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const called = label.trim();
    if (called === "" || called.length > LABEL_MAX) return fail({ kind: "bad-name" });
    if (localId.length > ID_MAX) return fail({ kind: "bad-node" });
    const found = await certifiedOrganisation(open, by);
    if (!found.ok) return found;
    const { kept, provider } = found.value;
    const { cloud, directory } = open.site;
    const desk = new AssociationDesk(provider.certificate, kept.store);
    // Another patient of the same id would get what is meant for the first.
    const known = localId.trim() === "" ? ok(undefined) : await desk.byLocalId(localId.trim());
    if (!known.ok) return known;
    if (known.value !== undefined && known.value.label !== called) {
      return fail({ kind: "node-taken" });
    }
    const text = await desk.invite(called, { cloud, directory, localId: localId.trim() });
    await noteDeed(kept.store, { did: "patient-invited", who: called });
    return ok(text);
  });
}

/** Who has let an organisation in, by label. Fails: `not-found`, `store-damaged`. */
export function associations(by: string): Promise<Result<readonly AssociationView[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly AssociationView[], Failure>> => {
    const kept = await organisationOf(open, by);
    if (!kept.ok) return kept;
    const { store, identity, about } = kept.value;
    const patients = await deskOf(store).patients();
    if (!patients.ok) return patients;
    const done = await deedsOf(store);
    if (!done.ok) return done;
    const source = new Source(identity, { cloud: open.cloud, store, node: about.node });
    const listed = patients.value.length === 0 ? ok([]) : await source.vaults();
    const live = listed.ok ? new Set(listed.value.map(toHex)) : undefined;
    const views = patients.value.map(({ reference, label, localId, vault }) => ({
      ...{ reference, label, localId, vault: toHex(vault) },
      since: done.value.find(({ did, node }) => did === "associated" && node === reference)?.time,
      live: live?.has(toHex(vault)),
    }));
    return ok(views.toSorted((a, b) => (a.label < b.label ? -1 : 1)));
  });
}

/** Say by what the organisation's own records name a patient. Fails: `not-found`, `node-taken`. */
export function namePatient(
  by: string,
  reference: string,
  localId: string,
): Promise<Result<void, Problem>> {
  return withOpen(async (open): Promise<Result<void, Failure>> => {
    const kept = await organisationOf(open, by);
    if (!kept.ok) return kept;
    const wanted = localId.trim();
    if (wanted === "" || wanted.length > ID_MAX) return fail({ kind: "bad-node" });
    const desk = deskOf(kept.value.store);
    const all = await desk.patients();
    if (!all.ok) return all;
    const patient = all.value.find((one) => one.reference === reference);
    if (patient === undefined) return fail({ kind: "not-found" });
    // Two patients of one id: whose a record is would be a guess.
    const other = await desk.byLocalId(wanted);
    if (!other.ok) return other;
    const isTaken = other.value !== undefined && other.value.reference !== reference;
    if (isTaken) return fail({ kind: "node-taken" });
    await desk.name(patient, wanted);
    return ok(undefined);
  });
}
