import { EXIT } from "./exit.ts";
import type { Words } from "./wording.ts";

/** What the problems of cloud and directory mean to whoever asked, where the kind alone does not say it. */
const REFUSALS: Readonly<
  Record<string, Pick<Words, "what" | "next"> & Partial<Pick<Words, "exit">>>
> = {
  "no-such-vault": {
    what: "the cloud has no such vault, or none that these keys have to do with",
    next: "ask the patient for a grant, or check --home and --as.",
  },
  "grant-expired": { what: "the grant has ended", next: "ask the patient for a new one." },
  "grant-revoked": { what: "the patient has taken the grant back" },
  "outside-grant": { what: "that is not part of what the patient granted" },
  "not-yours": { what: "that belongs to another source" },
  "not-live": { what: "the patient has ended it" },
  "unknown-device": { what: "the vault does not know this device" },
  "unknown-source": { what: "the vault has no such source" },
  "unknown-scope": { what: "these keys are too old, or not for this vault" },
  "unknown-cell": { what: "these keys are too old, or not for this vault" },
  "certificate-expired": { what: "a certificate of the provider has run out" },
  "certificate-path": { what: "the certificates of the provider do not lead to whom it claims" },
  "chain-conflict": {
    what: "somebody else has changed the vault's chain meanwhile",
    next: "repeat the command.",
  },
  "batch-number": {
    what: "somebody else has uploaded with the keys of this source meanwhile",
    next: "run one program per source, then repeat the command.",
  },
  "revision-conflict": {
    what: "somebody else has changed a record meanwhile",
    next: "repeat the command.",
  },
  "capability-expired": {
    what: "the request was too old when it arrived",
    next: "compare the clocks here and at the cloud or directory.",
  },
  "certificate-suspended": { what: "a certificate of the provider is suspended" },
  "key-unattested": {
    what: "no authority that the directory believes attests this key",
    next: "have one do so: salus org attest.",
  },
  "attestation-expired": {
    what: "the authority's word on this key is older than a week",
    next: "have it renewed: salus org attest.",
  },
  "no-authority": {
    what: "the directory believes no authority, so it answers no look-up",
    next: "whoever runs it names one: salus directory serve --authority KEY.",
  },
  "sign-ups-paused": {
    what: "so many accounts were made in this hour that the directory makes no more",
    next: "try again in an hour.",
  },
  "login-taken": { what: "somebody has this login already", next: "choose another one." },
  "code-refused": {
    what: "that code is wrong, too old, or was used before",
    next: "wait for the next one.",
    exit: EXIT.locked,
  },
  "session-ended": {
    what: "the session is over",
    next: "sign in again: salus login.",
    exit: EXIT.locked,
  },
  "step-up": {
    what: "you were not asked again who you are within the last five minutes",
    next: "repeat the command.",
    exit: EXIT.locked,
  },
  "sms-off": { what: "the directory sends no codes by text message" },
  "no-second-factor": {
    what: "the account has no second factor yet, and may do nothing before",
    next: "add an authenticator app.",
  },
  "factor-locked": {
    what: "too many wrong codes: this second factor is locked",
    next: "use another one, a device of yours, or the recovery phrase.",
  },
  "last-factor": {
    what: "it is the only second factor",
    next: "add another one first, or replace it: salus account authenticator.",
  },
  quota: { what: "that was done as often as one may in a day", next: "try again tomorrow." },
  "trail-missing": { what: "the patient wants to be told what a request is for" },
  "too-large": { what: "that is larger than the server takes" },
  "too-many": { what: "the server gets too many requests", next: "wait a little, then repeat." },
  unavailable: { what: "the server cannot reach its database", next: "wait, then repeat." },
};

/** Words for what a server refused. Its own text is never repeated: it is not trusted. */
export function refusal(problem: string, status: number): Words {
  const known = REFUSALS[problem];
  const kind = /^[a-z-]{1,40}$/.test(problem) ? problem : "unnamed";
  return {
    what: `${known?.what ?? "the server refuses"} (${kind})`,
    safe: "what was not answered with success was not stored.",
    ...(known?.next === undefined ? {} : { next: known.next }),
    exit: known?.exit ?? (status >= 500 || status === 429 ? EXIT.unreachable : EXIT.refused),
  };
}
