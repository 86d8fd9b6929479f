import type { Said } from "./said.ts";

const NOTHING_SENT = "Nothing was sent.";

/** Of finding, asking, reading and writing as a practitioner. */
export const practitionerProblems: Readonly<Record<string, Said>> = {
  "request-fields": {
    what: "The request says more than a request may.",
    safe: NOTHING_SENT,
    next: "Shorten the note, or name fewer hospitals.",
  },
  "bad-query": {
    what: "That is no question that can be asked.",
    safe: "Nothing was asked, and nothing left out silently.",
    next: "Look at the resource type and the names and values of the parameters.",
  },
  "access-over": {
    what: "Your access to this record has ended.",
    safe: "Nothing was read. That nothing stands here does not mean that there is nothing.",
    next: "Find the patient again and ask, if you still need it.",
  },
  "writing-too-long": {
    what: "That is too long for one entry.",
    safe: NOTHING_SENT,
    next: "Shorten it, or write two.",
  },
  "no-mailbox": {
    what: "Your hospital’s key takes no entries from physicians’ devices.",
    safe: NOTHING_SENT,
    next: "Ask your hospital: its gateway needs a new key.",
  },
  "refused/key-unattested": {
    what: "No authority has confirmed your certificate within the last week.",
    safe: "Nobody was looked for.",
    next: "Ask your hospital: the authority has to confirm it again.",
  },
  "refused/not-yours": {
    what: "You are signed in here in another role.",
    safe: "Nothing was done.",
    next: "Sign out, and sign in as a practitioner.",
  },
  "request-mismatch": {
    what: "The patient’s record has approved another request under this name.",
    safe: "Nothing was read under it.",
    next: "Ask the patient again, and tell your hospital.",
  },
};
