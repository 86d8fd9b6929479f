import type { ProblemKind } from "../../device/problem.ts";
import type { Said } from "./said.ts";

const NOTHING_CHANGED = "Nothing was changed.";
const UNUSED = "Nothing that it showed was used.";
const ASK = "Do not go on. Ask whoever runs the service.";
const LATER = "Wait a while, then try again.";

/** What can stop an account, and what a browser keeps of it. */
export const accountProblems = {
  "sign-in-refused": {
    what: "That did not let you in: the name, the password or the phrase is another one.",
    safe: "The service cannot tell which, and it learnt nothing about your password.",
    next: "Check them and try again. With your recovery phrase you can set a new password.",
  },
  "second-factor": {
    what: "This device is new, and needs a second factor.",
    safe: NOTHING_CHANGED,
    next: "Use your authenticator app, a passkey or your phone; or come back with your recovery phrase.",
  },
  "refused/code-refused": {
    what: "That code was not taken.",
    safe: NOTHING_CHANGED,
    next: "Each code works once and for a short time. Use the next one.",
  },
  "refused/factor-locked": {
    what: "This second factor is locked after too many wrong tries.",
    safe: "Your account is not locked.",
    next: "Use another one, or replace it from a device that is signed in.",
  },
  "refused/last-factor": {
    what: "That is your last second factor.",
    safe: NOTHING_CHANGED,
    next: "Add another one first, then remove this one.",
  },
  "refused/no-second-factor": {
    what: "Your account has no second factor yet.",
    safe: NOTHING_CHANGED,
    next: "Add one first.",
  },
  "refused/session-ended": {
    what: "Your session is over.",
    safe: "What is kept here stays sealed.",
    next: "Lock, and unlock again with your password.",
  },
  "refused/login-taken": {
    what: "Somebody already signs in with that name.",
    safe: "No account was made.",
    next: "Choose another below. The page that you printed stays good.",
  },
  "refused/sms-off": {
    what: "Text messages are not sent at the moment.",
    safe: NOTHING_CHANGED,
    next: "Use an authenticator app or a passkey.",
  },
  "refused/quota": {
    what: "That was tried too often.",
    safe: "Nothing is lost, and nobody got in.",
    next: "Wait a quarter of an hour, then try again.",
  },
  "refused/too-many": { what: "The service is busy.", safe: NOTHING_CHANGED, next: LATER },
  "refused/unavailable": { what: "The service is starting.", safe: NOTHING_CHANGED, next: LATER },
  "step-up": {
    what: "This is final, so you are asked once more who you are.",
    safe: NOTHING_CHANGED,
    next: "Show it, and go on.",
  },
  "kdf-floor": {
    what: "The service wants passwords to be easier to guess than this program allows.",
    safe: "Nothing of your password was sent.",
    next: ASK,
  },
  "server-key-changed": {
    what: "The service has another key than when you first used it.",
    safe: "Nothing of your password was sent.",
    next: ASK,
  },
  rollback: {
    what: "The service shows an older state than it has shown before.",
    safe: UNUSED,
    next: ASK,
  },
  "account-invalid": {
    what: "What the service shows of your account does not hold.",
    safe: UNUSED,
    next: ASK,
  },
  "key-integrity": {
    what: "What the service sent does not open to your keys.",
    safe: UNUSED,
    next: ASK,
  },
  "unlisted-wrap": {
    what: "That does not open this account.",
    safe: "Nothing was opened with it.",
    next: "Check it once more. A password that was changed opens nothing any more.",
  },
  "bad-phrase": {
    what: "Those are not 24 words of a recovery phrase.",
    safe: NOTHING_CHANGED,
    next: "Compare each word with your printed page.",
  },
  "bad-device-secret": {
    what: "That is not a device secret: 26 letters and digits.",
    safe: NOTHING_CHANGED,
    next: "Compare it with your printed page.",
  },
  "bad-card": {
    what: "That is not a device's card.",
    safe: "No device was let in.",
    next: "Copy the whole text from the new device. It begins with salus:device:",
  },
  "wrong-account": {
    what: "That card belongs to another account.",
    safe: "No device was let in.",
    next: "Sign in on the new device with your own name first.",
  },
  "words-differ": {
    what: "Those are not the words of your phrase.",
    safe: "No account was made yet.",
    next: "Compare them with your page, and mind their numbers.",
  },
  "device-removed": {
    what: "Another device of yours has taken this one out.",
    safe: "Your record is where it was.",
    next: "Remove what is kept here, and sign in anew.",
  },
  locked: {
    what: "Nothing has opened your account on this device yet.",
    safe: NOTHING_CHANGED,
    next: "Use your kit, or let this device in from another one.",
  },
  "last-one": {
    what: "That is the last one of what must not be missing.",
    safe: NOTHING_CHANGED,
    next: "Add another one first.",
  },
  "account-full": {
    what: "Your account has as many devices and passkeys as it can have.",
    safe: NOTHING_CHANGED,
    next: "Take out a device that you no longer use.",
  },
  "home-unopened": {
    what: "That does not open what is kept here.",
    safe: "Nothing is lost: it stays sealed.",
    next: "Try again. If you changed your password elsewhere, the old one opens this browser once more.",
  },
  "home-elsewhere": {
    what: "It is open in another tab of this browser.",
    safe: NOTHING_CHANGED,
    next: "Go on there, or lock it there first.",
  },
  "home-missing": {
    what: "This browser no longer keeps it.",
    safe: "Your record is where it was.",
    next: "Sign in with your password and a second factor.",
  },
  "home-damaged": {
    what: "What this browser keeps has been changed by something else.",
    safe: "Your record in the cloud is where it was.",
    next: "Remove it from this browser, and sign in anew.",
  },
  "store-damaged": {
    what: "A part of what this browser keeps cannot be read.",
    safe: "Your record in the cloud is where it was.",
    next: "Remove it from this browser, and sign in anew.",
  },
  "passkey-cancelled": {
    what: "No passkey was used.",
    safe: NOTHING_CHANGED,
    next: "Try again, or use something else.",
  },
  "passkey-without-prf": {
    what: "That passkey can sign you in, and opens nothing.",
    safe: NOTHING_CHANGED,
    next: "Use your password here.",
  },
  "nobody-in": {
    what: "Salus was locked in the meantime.",
    safe: "What is kept here stays sealed.",
    next: "Unlock it again.",
  },
  "not-begun": {
    what: "That took too long, or was begun anew.",
    safe: NOTHING_CHANGED,
    next: "Begin again.",
  },
  "site-unreadable": {
    what: "This site does not say where its services are.",
    safe: "Nothing was sent.",
    next: "Look at your connection, then load the page again.",
  },
  "no-room": {
    what: "This browser has no room left.",
    safe: "What was kept before is still there.",
    next: "Make room on this device, then try again.",
  },
  bug: {
    what: "Something in this program went wrong.",
    safe: "What is sealed stays sealed.",
    next: "Load the page again. If it comes back, tell whoever runs this site.",
  },
} satisfies Partial<Record<ProblemKind, Said>>;
