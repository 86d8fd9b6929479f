import type { Said } from "./said.ts";

const UNCHANGED = "Nothing was changed.";
const UNUSED = "What it showed was not used.";
const CLOSED = "It stays closed, and nobody was given anything.";
const RUNNER = "Ask whoever runs this service.";

const notGenuine = (why: string): Said => ({
  what: `That is not what it claims to be: ${why}.`,
  safe: CLOSED,
  next: "Throw it away. If you expected something, ask for it again.",
});

const notCertified = (why: string): Said => ({
  what: `It is not shown who that is: ${why}.`,
  safe: CLOSED,
  next: "Whoever sent it must put their certificates in order and ask again.",
});

const hiddenKey = (why: string): Said => ({
  what: `${why}.`,
  safe: "Nobody learned the number or address.",
  next: `Try again later. If it stays so: ${RUNNER}`,
});

const mistyped = (what: string, next: string): Said => ({ what, safe: UNCHANGED, next });

const contradicts = (how: string): Said => ({
  what: `The log ${how}.`,
  safe: "Your record stays sealed. What is in doubt is whether you were shown everything.",
  next: "Open “Who looked”: the evidence is kept there, to be shown to others.",
});

/** Of requests, accesses, hospitals, what one is found by, and the log. */
export const decidingProblems = {
  unreadable: notGenuine("it does not open with your keys"),
  malformed: notGenuine("it cannot be read"),
  "wrong-type": notGenuine("it is something else"),
  "bad-key": notGenuine("its key is no good one"),
  "wrong-key": notGenuine("somebody else signed it"),
  "bad-signature": notGenuine("its signature is wrong"),
  "not-for-you": notGenuine("it was written to somebody else"),
  "certificate-path": notCertified("no certificates lead to the health registry"),
  "certificate-expired": notCertified("a certificate has run out"),
  "certificate-suspended": notCertified("somebody on the path is suspended"),
  "key-unattested": notCertified("no authority has confirmed the registration"),
  "attestation-expired": notCertified("the authority's word is older than a week"),
  "request-void": {
    what: "The time to answer this request is over.",
    safe: "Nobody was given anything.",
    next: "Whoever asked may ask again.",
  },
  "request-answered": {
    what: "This request was answered before, here or on another device of yours.",
    safe: UNCHANGED,
    next: "“Sharing” says what you let whom read.",
  },
  "unknown-request": {
    what: "This request does not wait for you any more.",
    safe: UNCHANGED,
    next: "Go back to all requests.",
  },
  "wider-than-asked": {
    what: "That is more than was asked for, or than there was.",
    safe: UNCHANGED,
    next: "Take something away; nothing can be added.",
  },
  "nothing-granted": {
    what: "Nothing is left of it.",
    safe: "Nothing was signed.",
    next: "Choose something, or say no.",
  },
  "proposal-stale": {
    what: "Something changed since this was shown to you.",
    safe: "Nothing was signed.",
    next: "Have it shown again, and look once more.",
  },
  "proxy-self": mistyped(
    "That card is one of your own.",
    "Take the card that the other person shows on her device.",
  ),
  "proxy-too-long": mistyped("It must end within 366 days.", "Choose an earlier day."),
  "note-too-long": mistyped("Your words are too long for an answer.", "Shorten them."),
  "bad-invitation": mistyped(
    "That is no invitation of a hospital.",
    "Copy it whole, or scan it again: it begins with salus:associate:",
  ),
  "invitation-expired": mistyped("The invitation is over.", "Ask the hospital for a new one."),
  "phrase-unconfirmed": {
    what: "Your account has no recovery phrase yet.",
    safe: "No hospital writes before: what is lost then could not be brought back.",
    next: "Open “Security and devices” and write the words down.",
  },
  "too-few-holders": hiddenKey("Too few of those who keep you hard to find answer"),
  "bad-proof": hiddenKey("One of those who keep you hard to find does not prove its answer"),
  "wrong-holders": hiddenKey("Those who keep you hard to find are not the ones of before"),
  "bad-phone": mistyped(
    "That is no phone number that exists.",
    "Write it with the code of the country: +91 98765 43210.",
  ),
  "bad-email": mistyped("That is no e-mail address.", "Look at it again."),
  "bad-health-number": mistyped(
    "That is no health number of this kind.",
    "Write who gave it, and the number as it is printed.",
  ),
  "bad-check-digit": mistyped("A digit of the number is wrong.", "Compare it with the card."),
  "bad-record-number": mistyped(
    "That is no number of a hospital.",
    "Write the hospital's number in the registry, and yours there.",
  ),
  "unknown-grant": {
    what: "That permission is not there any more.",
    safe: "Nobody reads by it.",
    next: "Look at the list again.",
  },
  "unknown-source": mistyped("That hospital is not one of yours.", "Look at the list again."),
  "not-live": {
    what: "It had ended already.",
    safe: UNCHANGED,
    next: "Look at the list again.",
  },
  "no-vault": mistyped("You are not here as a patient.", "Sign in as a patient."),
  "account-stale": {
    what: "Another device of yours has renewed your keys.",
    safe: UNCHANGED,
    next: "Lock and sign in again.",
  },
  "bad-input": mistyped("Something in the form cannot be so.", "Look at it again."),
  "chain-invalid": {
    what: "What the service shows of your record's rules breaks them.",
    safe: UNUSED,
    next: RUNNER,
  },
  "handle-mismatch": {
    what: "The service shows somebody else's record.",
    safe: UNUSED,
    next: RUNNER,
  },
  "log-rollback": contradicts("shows less than it has shown before"),
  "log-fork": contradicts("shows two different pasts"),
  "log-inconsistent": contradicts("does not continue what it has shown before"),
  "log-key-changed": contradicts("is signed with another key than before"),
  "not-logged": contradicts("leaves out something of yours, or has it otherwise than it was"),
};
