import { type Bytes, equalBytes, fail, ok, type Result, toHex, utf8 } from "@salus/base";
import type { MailboxKeys } from "@salus/crypto";
import { digest, type StatementError, verifySigned } from "@salus/evaluate";
import { CATEGORIES, type Category } from "@salus/health";
import {
  type AssociateInvitation,
  type Digest,
  type SourceHandle,
  VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import type { Patient } from "../patient/patient.ts";
import { freshBytes } from "../random.ts";
import type { Provider, Registry } from "../registry/registry.ts";
import type { Letter } from "../requests/answers.ts";
import {
  decodeInvitation,
  encodeInvitation,
  type InvitationError,
  invitationMailbox,
} from "./invitation.ts";

/** Why a source is not let in by an invitation. Spec: requests §4. */
export type AssociationError =
  | InvitationError
  | ClientError
  /** No certificate of this hash leads to an authority that is pinned. */
  | { readonly kind: "certificate-path" }
  | { readonly kind: "certificate-suspended" }
  /** The account has no recovery phrase yet: what is lost then could not be brought back. */
  | { readonly kind: "phrase-unconfirmed" };

/** An invitation, and who it is from: to be shown before it is confirmed. */
export interface ReadAssociation {
  readonly invitation: AssociateInvitation;
  /** The organisation that the certificate names, and no other. */
  readonly organisation: Provider;
}

/**
 * Read an organisation's invitation, and find the very certificate that it names.
 *
 * Fails:   `bad-invitation`, `invitation-expired`, `certificate-path`, `certificate-suspended`.
 * Source:  spec/requests.md §4.
 */
export function readAssociation(
  text: string,
  registry: Registry,
  now: number = Date.now(),
): Result<ReadAssociation, AssociationError> {
  const invitation = decodeInvitation(text);
  if (!invitation.ok) return invitation;
  if (invitation.value.kind !== "associate") return fail({ kind: "bad-invitation" });
  if (now > invitation.value.expires) return fail({ kind: "invitation-expired" });
  const organisation = registry.byCertificate(invitation.value.organisation);
  if (organisation?.role !== "organisation") return fail({ kind: "certificate-path" });
  if (organisation.standing !== "good") return fail({ kind: "certificate-suspended" });
  return ok({ invitation: invitation.value, organisation });
}

/** What the patient's device needs to let a source in. */
export interface AssociateOptions {
  readonly patient: Patient;
  readonly mailbox: MailboxKeys;
  /** Whether her account has a recovery phrase that she has confirmed. */
  readonly phraseConfirmed: boolean;
  /** Left out: all. */
  readonly categories?: readonly Category[];
}

/** A source that was let in, and what tells it so. */
export interface Associated {
  readonly source: SourceHandle;
  /** To be posted: from then on the source writes while the patient is offline. */
  readonly letter: Letter;
}

/**
 * Let the organisation in that was shown. Repeating it gives the same source.
 *
 * Leaks:   to the cloud: the source's key; to the organisation: which vault is its patient's.
 * Fails:   `phrase-unconfirmed`; as `Patient.admit`.
 */
export async function associate(
  { invitation, organisation }: ReadAssociation,
  { patient, mailbox, phraseConfirmed, categories = CATEGORIES }: AssociateOptions,
  now: number = Date.now(),
): Promise<Result<Associated, AssociationError>> {
  if (!phraseConfirmed) return fail({ kind: "phrase-unconfirmed" });
  const source = await patient.admit(organisation.card, categories);
  if (!source.ok) return source;
  const { reference, secret } = invitation;
  const said = { reference, vault: patient.vault, time: now };
  const statement = mailbox.signer.sign("association", said);
  const to = invitationMailbox(secret).mailbox;
  return ok({ source: source.value, letter: { to, kind: "association", statement } });
}

/** A patient of the organisation, and the vault that is hers. */
export interface AssociatedPatient {
  /** The invitation that she answered, in hexadecimal. */
  readonly reference: string;
  /** What the organisation calls her. */
  readonly label: string;
  /** What the organisation's own records name her by; empty when it has not said. */
  readonly localId: string;
  readonly vault: VaultHandle;
  /** The key of her mailbox. */
  readonly from: VerifyKey;
}

/** Why an association is not taken. */
export type AcceptAssociationError =
  | StatementError
  | StoreDamaged
  | { readonly kind: "unknown-invitation" }
  | { readonly kind: "invitation-expired" };

export interface OpenAssociation {
  readonly label: string;
  readonly localId: string;
  readonly text: string;
  readonly invitation: AssociateInvitation;
}

/** Where an invitation leads, and whom it is for. */
export interface AssociationOrder {
  readonly directory: string;
  readonly cloud: string;
  /** What the organisation's own records name her by. It is no part of the invitation. */
  readonly localId?: string;
}

const WEEK_MS = 7 * 86_400_000;
const BYTES = 16;

/** Whom an organisation's gateway has invited, and whose vault is whose. */
export class AssociationDesk {
  readonly #store: KeyStore;
  readonly #organisation: Digest;

  /** Takes:   `organisation`, the hash of its certificate. */
  constructor(organisation: Digest, store: KeyStore) {
    this.#store = store;
    this.#organisation = organisation;
  }

  /** Invite a patient. Gives: the text to be shown to her, and to nobody else. */
  async invite(
    label: string,
    { localId = "", ...addresses }: AssociationOrder,
    now: number = Date.now(),
  ): Promise<string> {
    const reference = freshBytes(BYTES);
    const { directory, cloud } = addresses;
    const text = encodeInvitation({
      kind: "associate",
      directory,
      cloud,
      secret: freshBytes(BYTES),
      expires: now + WEEK_MS,
      organisation: this.#organisation,
      reference,
    });
    await this.#write(`associating/${toHex(reference)}`, { label, localId, text });
    return text;
  }

  /** Invitations that were not answered: collect from `invitationMailbox` of each. */
  async open(): Promise<Result<readonly OpenAssociation[], StoreDamaged>> {
    const found: OpenAssociation[] = [];
    for (const name of await this.#store.list("associating/")) {
      const stored = await this.#read(name);
      if (!stored.ok) return stored;
      const { label = "", localId = "", text = "" } = stored.value ?? {};
      const invitation = decodeInvitation(text);
      if (!invitation.ok || invitation.value.kind !== "associate") {
        return fail({ kind: "store-damaged", name });
      }
      found.push({ label, localId, text, invitation: invitation.value });
    }
    return ok(found);
  }

  /**
   * Take a patient's word for which vault is hers. An invitation is used once.
   *
   * Whether the cloud shows the right chain for it, the handle says: `Source.open` fails with
   * `handle-mismatch` where it does not.
   *
   * Fails:   any `AcceptAssociationError`.
   */
  async accept(
    statement: Bytes,
    now: number = Date.now(),
  ): Promise<Result<AssociatedPatient, AcceptAssociationError>> {
    const read = verifySigned("association", statement);
    if (!read.ok) return read;
    const { payload, signer } = read.value;
    const open = await this.open();
    if (!open.ok) return open;
    const of = open.value.find(({ invitation }) =>
      equalBytes(invitation.reference, payload.reference),
    );
    if (of === undefined) return fail({ kind: "unknown-invitation" });
    if (now > of.invitation.expires) return fail({ kind: "invitation-expired" });
    const { vault } = payload;
    const reference = toHex(payload.reference);
    const { label, localId } = of;
    const patient = { reference, label, localId, vault, from: signer };
    await this.#keep(patient);
    await this.#store.remove(`associating/${reference}`);
    return ok(patient);
  }

  /** Let an invitation be over before it is answered. */
  async withdraw({ invitation }: OpenAssociation): Promise<void> {
    await this.#store.remove(`associating/${toHex(invitation.reference)}`);
  }

  /** Everybody who has let the organisation in, whether she still does or not. */
  async patients(): Promise<Result<readonly AssociatedPatient[], StoreDamaged>> {
    const found: AssociatedPatient[] = [];
    for (const name of await this.#store.list("associated/")) {
      const patient = await this.#patient(name);
      if (!patient.ok) return patient;
      if (patient.value !== undefined) found.push(patient.value);
    }
    return ok(found);
  }

  /** Say by what the organisation's own records name a patient, in place of what was said before. */
  async name(patient: AssociatedPatient, localId: string): Promise<void> {
    if (patient.localId !== "") await this.#store.remove(nameOf(patient.localId));
    await this.#keep({ ...patient, localId });
  }

  /**
   * Whom the organisation's own records name so: of several, who let it in last.
   *
   * Cost:    two reads, whatever the number of patients.
   */
  async byLocalId(localId: string): Promise<Result<AssociatedPatient | undefined, StoreDamaged>> {
    const stored = await this.#read(nameOf(localId));
    if (!stored.ok) return stored;
    const reference = stored.value?.reference;
    return reference === undefined ? ok(undefined) : this.#patient(`associated/${reference}`);
  }

  async #keep({ reference, label, localId, vault, from }: AssociatedPatient): Promise<void> {
    const kept = { label, localId, vault: toHex(vault), from: toHex(from) };
    await this.#write(`associated/${reference}`, kept);
    if (localId !== "") await this.#write(nameOf(localId), { reference });
  }

  async #patient(name: string): Promise<Result<AssociatedPatient | undefined, StoreDamaged>> {
    const stored = await this.#read(name);
    if (!stored.ok || stored.value === undefined) return stored.ok ? ok(undefined) : stored;
    const { label = "", localId = "" } = stored.value;
    const vault = VaultHandle.fromHex(stored.value.vault ?? "");
    const from = VerifyKey.fromHex(stored.value.from ?? "");
    if (!vault.ok || !from.ok) return fail({ kind: "store-damaged", name });
    const reference = name.slice("associated/".length);
    return ok({ reference, label, localId, vault: vault.value, from: from.value });
  }

  #write(name: string, kept: Kept): Promise<void> {
    return this.#store.write(name, utf8(JSON.stringify(kept)));
  }

  async #read(name: string): Promise<Result<Kept | undefined, StoreDamaged>> {
    const stored = await this.#store.read(name);
    if (!stored.ok || stored.value === undefined) return stored.ok ? ok(undefined) : stored;
    try {
      return ok(JSON.parse(new TextDecoder().decode(stored.value)) as Kept);
    } catch {
      return fail({ kind: "store-damaged", name });
    }
  }
}

/** What is kept: what this program wrote, so that only its absence is looked for. */
type Kept = Readonly<Record<string, string>>;

function nameOf(localId: string): string {
  return `local/${toHex(digest(utf8(localId)))}`;
}
