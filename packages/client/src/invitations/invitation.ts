import { type Bytes, fail, ok, type Result, utf8 } from "@salus/base";
import { invitationKey, MailboxKeys } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import {
  type Digest,
  encodeInvitationBody,
  type InvitationKind,
  type Invitations,
  isInvitationKind,
  parseInvitationBody,
} from "@salus/protocol";
import { base64Url, fromBase64Url } from "../http/base64-url.ts";

/** An invitation: what its kind says. */
export type Invitation = {
  readonly [K in InvitationKind]: { readonly kind: K } & Invitations[K];
}[InvitationKind];

/** A text that is no invitation, or one whose time is over. */
export type InvitationError =
  | { readonly kind: "bad-invitation" }
  | { readonly kind: "invitation-expired" };

const SCHEME = "salus";

/** An invitation as a text, to be sent or shown as a code. Source: spec/requests.md §4. */
export function encodeInvitation({ kind, ...body }: Invitation): string {
  return `${SCHEME}:${kind}:${base64Url(encodeInvitationBody(body as Invitations[InvitationKind]))}`;
}

/** Read an invitation. Fails: `bad-invitation`. */
export function decodeInvitation(
  text: string,
): Result<Invitation, { readonly kind: "bad-invitation" }> {
  const bad = fail({ kind: "bad-invitation" } as const);
  const [scheme, kind = "", encoded = "", ...more] = text.trim().split(":");
  if (scheme !== SCHEME || !isInvitationKind(kind) || more.length > 0) return bad;
  const bytes = fromBase64Url(encoded);
  if (bytes === undefined) return bad;
  const body = parseInvitationBody(kind, bytes);
  // The compiler does not put together what the kinds took apart.
  return body.ok ? ok({ kind, ...body.value } as Invitation) : bad;
}

/** Of an invitation's text: what a joining names. */
export function invitationDigest(text: string): Digest {
  return digest(utf8(text.trim()));
}

/** The keys of the mailbox where answers to an invitation go. Takes: its 16 bytes. */
export function invitationMailbox(secret: Bytes): MailboxKeys {
  return new MailboxKeys(invitationKey(secret));
}
