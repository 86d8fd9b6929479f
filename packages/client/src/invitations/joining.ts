import type { Bytes } from "@salus/base";
import { equalBytes, fail, ok, type Result, toHex, utf8 } from "@salus/base";
import { invitationKey, joiningProof } from "@salus/crypto";
import { type StatementError, verifySigned } from "@salus/evaluate";
import type { Digest, JoinInvitation } from "@salus/protocol";
import type { Card, Identity } from "../identity.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { freshBytes } from "../random.ts";
import { certify } from "../registry/certify.ts";
import type { Letter } from "../requests/answers.ts";
import {
  decodeInvitation,
  encodeInvitation,
  type InvitationError,
  invitationDigest,
  invitationMailbox,
} from "./invitation.ts";

/** Why nobody joins. Spec: requests §4. */
export type JoiningError =
  | InvitationError
  | StatementError
  | StoreDamaged
  /** It was used before, or never given. */
  | { readonly kind: "unknown-invitation" }
  /** Whoever sent it does not know the secret of the invitation, or not with these keys. */
  | { readonly kind: "joining-proof" };

/** Who is invited to become what. */
export type JoinOrder = Omit<JoinInvitation, "secret" | "expires" | "issuer"> & {
  /** Left out: a week. */
  readonly expires?: number;
};

const WEEK_MS = 7 * 86_400_000;
const SECRET_BYTES = 16;

/**
 * What somebody sends who was invited: her public keys, and a proof that she was.
 *
 * Takes:   `joiner`, the face that is to be certified.
 * Fails:   `bad-invitation`, `invitation-expired`.
 * Leaks:   the keys, to who invited; to the directory: that somebody answers an invitation.
 * Source:  spec/requests.md §4; vectors/requests-v1.json.
 */
export function answerJoin(
  text: string,
  joiner: Identity,
  now: number = Date.now(),
): Result<Letter, InvitationError> {
  const invitation = decodeInvitation(text);
  if (!invitation.ok) return invitation;
  if (invitation.value.kind !== "join") return fail({ kind: "bad-invitation" });
  const { secret, expires } = invitation.value;
  if (now > expires) return fail({ kind: "invitation-expired" });
  const { card } = joiner;
  const statement = joiner.signer.sign("joining", {
    invitation: invitationDigest(text),
    card,
    proof: joiningProof(invitationKey(secret), card),
    time: now,
  });
  return ok({ to: invitationMailbox(secret).mailbox, kind: "joining", statement });
}

/** An invitation that was given and not yet used. */
export interface GivenInvitation {
  readonly text: string;
  readonly digest: Digest;
  readonly invitation: JoinInvitation;
}

/** Somebody who was invited, and proved it. */
export interface Admitted {
  /** Signed; to be published. */
  readonly certificate: Bytes;
  /** Which invitation she has answered: to be spent when that is done. */
  readonly invitation: Digest;
}

/** What an administrator's device invites to, and whom it then certifies. */
export class JoinDesk {
  readonly #issuer: Identity;
  readonly #store: KeyStore;

  constructor(issuer: Identity, store: KeyStore) {
    this.#issuer = issuer;
    this.#store = store;
  }

  /** Invite somebody. Gives: the text to be handed over, which nobody else must see. */
  async invite(order: JoinOrder, now: number = Date.now()): Promise<string> {
    const { expires = now + WEEK_MS, ...rest } = order;
    const issuer = this.#issuer.card.sign;
    const secret = freshBytes(SECRET_BYTES);
    const text = encodeInvitation({ kind: "join", ...rest, expires, secret, issuer });
    await this.#store.write(nameOf(invitationDigest(text)), utf8(text));
    return text;
  }

  /** Invitations that were not used: collect from `invitationMailbox` of each. */
  async open(): Promise<Result<readonly GivenInvitation[], StoreDamaged>> {
    const found: GivenInvitation[] = [];
    for (const name of await this.#store.list("invited/")) {
      const stored = await this.#store.read(name);
      if (!stored.ok) return stored;
      const text = new TextDecoder().decode(stored.value);
      const invitation = decodeInvitation(text);
      if (!invitation.ok || invitation.value.kind !== "join") {
        return fail({ kind: "store-damaged", name });
      }
      found.push({ text, digest: invitationDigest(text), invitation: invitation.value });
    }
    return ok(found);
  }

  /**
   * Certify who answers an invitation. It stays good until it is spent: what is not published yet when
   * the network or this device fails is made again for the same answer.
   *
   * Fails:   any `JoiningError`.
   */
  async admit(statement: Bytes, now: number = Date.now()): Promise<Result<Admitted, JoiningError>> {
    const read = verifySigned("joining", statement);
    if (!read.ok) return read;
    const { payload, signer } = read.value;
    if (!equalBytes(signer, payload.card.sign)) return fail({ kind: "wrong-key" });
    const open = await this.open();
    if (!open.ok) return open;
    const given = open.value.find(({ digest }) => equalBytes(digest, payload.invitation));
    if (given === undefined) return fail({ kind: "unknown-invitation" });
    const { secret, expires, role, node, parent, name } = given.invitation;
    if (now > expires) return fail({ kind: "invitation-expired" });
    const card: Card = payload.card;
    if (!equalBytes(joiningProof(invitationKey(secret), card), payload.proof)) {
      return fail({ kind: "joining-proof" });
    }
    const certificate = certify(this.#issuer, { role, node, parent, name, card, notBefore: now });
    return ok({ certificate, invitation: given.digest });
  }

  /** Let an invitation be over: its certificate is published. */
  async spend(invitation: Digest): Promise<void> {
    await this.#store.remove(nameOf(invitation));
  }
}

function nameOf(digest: Digest): string {
  return `invited/${toHex(digest)}`;
}
