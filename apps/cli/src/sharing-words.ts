import type {
  AcceptAssociationError,
  AnswerError,
  AskError,
  AssociationError,
  ClientError,
  DecisionError,
  DiscoveryError,
  IdentifierError,
  InvitationError,
  JoiningError,
  OpenRequestError,
} from "@salus/client";
import { EXIT } from "./exit.ts";
import { type TableOf, UNCHANGED, UNUSED, type Words } from "./wording.ts";

/** Everything that can stop people from finding, asking, answering, and letting in. */
export type SharingError =
  | DiscoveryError
  | IdentifierError
  | OpenRequestError
  | DecisionError
  | AnswerError
  | AskError
  | InvitationError
  | JoiningError
  | AssociationError
  | AcceptAssociationError;

type OwnKinds = Exclude<
  SharingError,
  ClientError | { readonly kind: "server-key-changed" | "phrase-unconfirmed" }
>;

export const SHARING_WORDS: TableOf<OwnKinds> = {
  "too-few-holders": () => hiddenKey("too few of those who hold the key of identifiers answer"),
  "bad-proof": () => hiddenKey("a holder of the key of identifiers does not prove its answer"),
  "wrong-holders": () => hiddenKey("the holders of the key of identifiers are not the pinned ones"),
  "bad-phone": () =>
    badIdentifier("a phone number", "+46700000000, or with --region SE 0700000000"),
  "bad-email": () => badIdentifier("an e-mail address", "ann@example.org"),
  "bad-health-number": () => badIdentifier("a health number", "abha|91-1234-5678-9012"),
  "bad-check-digit": () => badIdentifier("a health number: a digit is wrong", "as it is printed"),
  "bad-record-number": () => badIdentifier("a record number", "north|4711"),
  malformed: () => notGenuine("it cannot be read"),
  "wrong-type": () => notGenuine("it is something else"),
  "bad-key": () => notGenuine("its key is no good one"),
  "wrong-key": () => notGenuine("somebody else signed it"),
  "bad-signature": () => notGenuine("its signature is wrong"),
  "certificate-path": () => notCertified("no certificates lead to an authority that you trust"),
  "certificate-expired": () => notCertified("a certificate has run out"),
  "certificate-suspended": () => notCertified("a certificate is suspended"),
  "key-unattested": () => notCertified("no authority attests it"),
  "attestation-expired": () => notCertified("the authority's word is older than a week"),
  "not-certified": () => ({
    what: "nobody has certified your key, or it is suspended",
    safe: "nothing was sent.",
    next: "answer an invitation (`salus invite accept`), and have an authority attest you.",
    exit: EXIT.refused,
  }),
  "not-for-you": () => notGenuine("it was written to another mailbox"),
  "request-void": () => ({
    what: "the request's time is over",
    safe: UNCHANGED,
    next: "the requester may ask again.",
    exit: EXIT.refused,
  }),
  "request-answered": () => ({
    what: "the request was answered before, here or on another device of yours",
    safe: UNCHANGED,
    next: "`salus grants` says what you let whom read.",
    exit: EXIT.refused,
  }),
  "step-up": () => ({
    what: "you were not asked again who you are within the last five minutes",
    safe: UNCHANGED,
    next: "repeat the command.",
    exit: EXIT.locked,
  }),
  "wider-than-asked": () => ({
    what: "that is more than was asked for, or than there was",
    safe: UNCHANGED,
    next: "leave things out; nothing can be added to a request.",
    exit: EXIT.usage,
  }),
  "nothing-granted": () => ({
    what: "nothing is left of it: no source of yours, or none that you chose",
    safe: UNCHANGED,
    next: "choose something, or say no with `salus deny`.",
    exit: EXIT.usage,
  }),
  "proposal-stale": () => ({
    what: "what you were shown has changed in the meantime",
    safe: "nothing was signed.",
    next: "repeat the command, and look again.",
    exit: EXIT.refused,
  }),
  "proxy-self": () => ({
    what: "that card is of a device of this patient: nobody is her own proxy",
    safe: UNCHANGED,
    next: "name the other person's card, which `salus keys card` prints on her side.",
    exit: EXIT.usage,
  }),
  "proxy-too-long": () => ({
    what: "a proxy must end within 366 days",
    safe: UNCHANGED,
    next: "name an earlier day with --until.",
    exit: EXIT.usage,
  }),
  "unknown-request": () => ({
    what: "that answers no request of yours",
    safe: UNUSED,
    next: "`salus requests` lists them.",
    exit: EXIT.refused,
  }),
  "request-mismatch": () => ({
    what: "the patient's chain approved another request under this name",
    safe: "none of its keys were used.",
    next: "ask the patient; somebody may have changed what she was shown.",
    exit: EXIT.untrusted,
  }),
  "note-too-long": () => ({
    what: "the note is longer than 1,024 bytes",
    safe: UNCHANGED,
    next: "shorten it.",
    exit: EXIT.usage,
  }),
  "request-fields": () => ({
    what: "the request says something that no request may: a text is too long, or there are too many",
    safe: "nothing was sent.",
    next: "ask for less, or in fewer words.",
    exit: EXIT.usage,
  }),
  "bad-invitation": () => ({
    what: "that is no invitation of this kind",
    safe: UNCHANGED,
    next: "copy it whole: it begins with `salus:`.",
    exit: EXIT.usage,
  }),
  "invitation-expired": () => ({
    what: "the invitation is over",
    safe: UNCHANGED,
    next: "ask for a new one.",
    exit: EXIT.refused,
  }),
  "unknown-invitation": () => ({
    what: "that answers an invitation which was never given, or used before",
    safe: UNUSED,
    next: "invite again: an invitation is used once.",
    exit: EXIT.refused,
  }),
  "joining-proof": () => ({
    what: "whoever answered the invitation does not know it, or not with these keys",
    safe: "nobody was certified.",
    next: "somebody saw that there is an invitation: give a new one, in another way.",
    exit: EXIT.untrusted,
  }),
};

function hiddenKey(what: string): Words {
  return {
    what,
    safe: "nobody learned the identifier.",
    next: "try again later; if it stays so, ask whoever runs the directory.",
    exit: EXIT.untrusted,
  };
}

function badIdentifier(what: string, meant: string): Words {
  return {
    what: `that is not ${what}`,
    safe: UNCHANGED,
    next: `${meant} is meant.`,
    exit: EXIT.usage,
  };
}

function notGenuine(why: string): Words {
  return { what: `that is not what it claims to be: ${why}`, safe: UNUSED, exit: EXIT.untrusted };
}

function notCertified(why: string): Words {
  return {
    what: `it is not shown who that is: ${why}`,
    safe: UNCHANGED,
    next: "see `salus org tree`; the authority's key is pinned when a home is made (--authority).",
    exit: EXIT.refused,
  };
}
