import { type AccountError, type ClientError, type QueryError, shownText } from "@salus/client";
import type { HomeError } from "@salus/client/file";
import type { SearchError } from "@salus/health";
import { ACCOUNT_WORDS } from "./account-words.ts";
import { EXIT } from "./exit.ts";
import { LOG_WORDS } from "./log-words.ts";
import type { InputError } from "./reading/input.ts";
import { refusal } from "./refusals.ts";
import { searchErrorText } from "./search-words.ts";
import { SHARING_WORDS, type SharingError } from "./sharing-words.ts";
import { shortHex, type TableOf, UNCHANGED, UNUSED, type Words } from "./wording.ts";

/** The programs that this one starts. */
export type ServerName = "cloud" | "directory" | "site" | "gateway";

/** What stops the program itself, beside what stops the client. */
export type ProgramError =
  | { readonly kind: "usage"; readonly what: string; readonly next?: string }
  | { readonly kind: "no-passphrase" }
  | {
      readonly kind: "no-secret";
      readonly name: string;
      readonly option: string;
      /** An environment variable; none for what is good only once. */
      readonly variable: string;
    }
  | { readonly kind: "nobody-signed-up" }
  | { readonly kind: "not-confirmed" }
  | { readonly kind: "another-cloud" }
  | { readonly kind: "passphrase-mismatch" }
  | { readonly kind: "passphrase-file"; readonly path: string }
  | ({ readonly kind: "unknown-name" } & Named)
  | ({ readonly kind: "ambiguous-name" } & Named)
  | { readonly kind: "bad-card" }
  | { readonly kind: "bad-search"; readonly error: SearchError }
  | { readonly kind: "no-such-record"; readonly record: string }
  | { readonly kind: "nothing-to-read" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "server-failed"; readonly name: ServerName; readonly said: string }
  | { readonly kind: "source-failed"; readonly name: string; readonly said: string }
  | { readonly kind: "disk"; readonly code: string; readonly path: string | undefined };

interface Named {
  readonly name: string;
  /** What was looked for: `a patient`. */
  readonly what: string;
  readonly known: readonly string[];
}

export type Failure =
  | ClientError
  | AccountError
  | SharingError
  | QueryError
  | HomeError
  | InputError
  | ProgramError;

const DELIVERED = "what was delivered stays, and is not sent twice.";

/** A service that cannot be held to its word any more. */
function logWords(what: string): Words {
  return {
    what,
    safe: UNUSED,
    next: "it was restored from a backup, or hides something: ask who runs it, and compare with others.",
    exit: EXIT.untrusted,
  };
}

/** Names a failure by its `kind`; the compiler refuses a kind without words. */
export function wordsOf(failure: Failure): Words {
  const words = TABLE[failure.kind] as (failure: Failure) => Words;
  return words(failure);
}

const TABLE: TableOf<Failure> = {
  ...LOG_WORDS,
  ...ACCOUNT_WORDS,
  ...SHARING_WORDS,
  refused: ({ problem, status }) => refusal(problem, status),
  unreachable: () => ({
    what: "the cloud, or the directory, does not answer",
    safe: DELIVERED,
    next: "start it with `salus serve` or `salus directory serve`, or name its address with --cloud or --directory; then repeat the command.",
    exit: EXIT.unreachable,
  }),
  "another-service": ({ wanted }) => ({
    what: `what answers at the address of --${wanted} is another service of Salus, and no ${wanted}`,
    safe: "it was asked what it is, and told nothing.",
    next: `name the address of the ${wanted} with --${wanted}: \`salus ${wanted === "cloud" ? "serve" : "directory serve"}\` says it when it is ready.`,
    exit: EXIT.usage,
  }),
  "malformed-answer": ({ what }) => ({
    what: `what answers at that address does not speak Salus (${what})`,
    safe: UNCHANGED,
    next: "check --cloud and --directory; a proxy between may have answered in its place.",
    exit: EXIT.untrusted,
  }),
  "log-rollback": ({ log }) => logWords(`the ${log}'s log shows less than it has shown before`),
  "log-fork": ({ log }) => logWords(`the ${log} has signed two different logs of one size`),
  "log-inconsistent": ({ log }) => logWords(`the ${log}'s log is no continuation of what it was`),
  "log-key-changed": ({ log }) => logWords(`the ${log} signs its log with another key than before`),
  "not-logged": ({ log }) =>
    logWords(`the ${log}'s log leaves out or has changed something of yours`),
  rollback: (failure) => {
    const account = failure.what === "account";
    const of = account ? "your account" : `vault ${shortHex(failure.vault)}`;
    const what = account ? "chain" : failure.what;
    const server = account ? "directory" : "cloud";
    return {
      what: `the ${server} shows an older ${what} of ${of} than it has shown before`,
      safe: UNUSED,
      next: `the ${server} was restored from a backup, or hides something: ask who runs it.`,
      exit: EXIT.untrusted,
    };
  },
  "handle-mismatch": ({ vault }) => ({
    what: `the cloud shows another chain in the place of vault ${shortHex(vault)}`,
    safe: "nothing that it answered was used, and nothing was sent to it.",
    next: "somebody puts other keys under the patient's handle: ask who runs the cloud.",
    exit: EXIT.untrusted,
  }),
  "chain-invalid": ({ vault, problem }) => ({
    what: `the chain of vault ${shortHex(vault)} does not hold (${problem})`,
    safe: "nothing that it says was used.",
    next:
      problem === "wrong-type"
        ? "a newer program may have written to it: try again with that one. Else the cloud has changed it: ask who runs it."
        : "the cloud has changed it, or lost a part: ask who runs it.",
    exit: EXIT.untrusted,
  }),
  "store-damaged": ({ name }) => ({
    what: `a file of the home does not open under the home's own key: ${name}`,
    safe: "the records in the cloud are as they were.",
    next: "restore the home from a copy.",
    exit: EXIT.local,
  }),
  "unknown-policy": () => ({
    what: "the vault is indexed by a policy that this program does not know",
    safe: UNCHANGED,
    next: "use a newer program.",
    exit: EXIT.usage,
  }),
  "head-too-old": ({ vault }) => ({
    what: `the chain of vault ${shortHex(vault)} was fetched too long ago to write by it`,
    safe: UNCHANGED,
    next: "repeat the command; if it comes again, compare the clocks here and at the cloud.",
    exit: EXIT.refused,
  }),
  "no-identity": () => ({
    what: "this home has no keys yet",
    safe: UNCHANGED,
    next: "make them with `salus keys add NAME`, or create vaults with `salus import`.",
    exit: EXIT.locked,
  }),
  "another-cloud": () => ({
    what: "the vaults of this folder were made at another cloud",
    safe: UNCHANGED,
    next: "name that one with --cloud, or another folder with --home.",
    exit: EXIT.usage,
  }),
  "no-vault": () => ({
    what: "this identity owns no vault at this cloud",
    safe: UNCHANGED,
    next: "see whose homes there are with `salus keys`; a vault that was made at another cloud is found there: --cloud.",
    exit: EXIT.usage,
  }),
  "unknown-source": () => ({
    what: "the vault has no such source",
    safe: UNCHANGED,
    next: "`salus show --patient ID` lists the sources.",
    exit: EXIT.usage,
  }),
  "unknown-grant": () => ({
    what: "the vault has no such grant",
    safe: UNCHANGED,
    next: "`salus show --patient ID` lists the grants.",
    exit: EXIT.usage,
  }),
  "not-live": ({ what }) => ({
    what: `the ${what} is closed: the patient has ended, revoked or replaced it`,
    safe: UNCHANGED,
    next: "`salus show --patient ID` says what is live.",
    exit: EXIT.refused,
  }),
  "account-stale": () => ({
    what: "another device of yours has changed the account since this one last looked",
    safe: UNCHANGED,
    next: "`salus login` brings this device up to date.",
    exit: EXIT.locked,
  }),
  "no-cell": ({ category }) => ({
    what: `the source may not write ${category} into this vault`,
    safe: DELIVERED,
    next: "the patient admits it for the category; `salus import` does so by itself.",
    exit: EXIT.refused,
  }),
  unreadable: () => ({
    what: "what the cloud sent does not open with these keys",
    safe: "nothing of it was shown.",
    next: "find out what is damaged with `salus verify`.",
    exit: EXIT.untrusted,
  }),
  "outbox-damaged": ({ name }) => ({
    what: `a batch that waited for delivery is damaged (${name})`,
    safe: "what the cloud has acknowledged is safe.",
    next: "repeat the import: what is missing is made again.",
    exit: EXIT.local,
  }),
  "bad-query": ({ error }) => badSearch(error),
  "bad-search": ({ error }) => badSearch(error),
  "home-locked": ({ process }) => ({
    what: `another program (process ${process}) is using the home`,
    safe: UNCHANGED,
    next: "wait for it to end, or end it: a gateway goes on until it is told to.",
    exit: EXIT.locked,
  }),
  "home-missing": () => ({
    what: "there is no home at that place",
    safe: UNCHANGED,
    next: "name it with --home, or make one with `salus import` or `salus keys add`.",
    exit: EXIT.locked,
  }),
  "passphrase-needed": () => NO_PASSPHRASE,
  "no-passphrase": () => NO_PASSPHRASE,
  "no-secret": ({ name, option, variable }) => ({
    what: `${name} is needed`,
    safe: UNCHANGED,
    next: `run it in a terminal, or give ${option}${variable === "" ? "" : `, or set ${variable}`}.`,
    exit: EXIT.locked,
  }),
  "nobody-signed-up": () => ({
    what: "nobody here has an account of that kind",
    safe: UNCHANGED,
    next: "make one with `salus signup`.",
    exit: EXIT.locked,
  }),
  "not-confirmed": () => ({
    what: "it was not confirmed",
    safe: UNCHANGED,
    next: "answer yes in a terminal, or give --yes in a script.",
    exit: EXIT.locked,
  }),
  "passphrase-wrong": () => ({
    what: "that is not the passphrase of this home",
    safe: UNCHANGED,
    next: "try again; without the passphrase nobody can open it.",
    exit: EXIT.locked,
  }),
  "passphrase-mismatch": () => ({
    what: "the two passphrases differ",
    safe: "nothing was made.",
    next: "try again.",
    exit: EXIT.locked,
  }),
  "passphrase-file": ({ path }) => ({
    what: `the passphrase cannot be read from ${path}, or its first line is empty`,
    safe: UNCHANGED,
    exit: EXIT.locked,
  }),
  "home-damaged": ({ file }) => ({
    what: `a file of the home is damaged: ${file}`,
    safe: "the records in the cloud are as they were.",
    next: "restore the home from a copy.",
    exit: EXIT.local,
  }),
  "no-such-file": ({ path }) => ({ what: `there is no file ${path}`, exit: EXIT.local }),
  "not-a-file": ({ path }) => ({
    what: `${path} is a folder`,
    next: `name the files in it: ${path}/*.json`,
    exit: EXIT.local,
  }),
  "unreadable-file": ({ path, code }) => ({
    what: `${path} cannot be read (${code})`,
    exit: EXIT.local,
  }),
  "input-too-large": ({ bytes }) => ({
    what: `more than ${bytes / 1024 / 1024} MiB, packed, come from standard input`,
    safe: UNCHANGED,
    next: "write it to a file and name the file: a file can be read twice.",
    exit: EXIT.local,
  }),
  usage: ({ what, next }) => ({ what, exit: EXIT.usage, ...(next === undefined ? {} : { next }) }),
  "unknown-name": ({ name, what, known }) => ({
    what: `${name} is not the name of ${what}`,
    exit: EXIT.usage,
    ...choices(known),
  }),
  "ambiguous-name": ({ name, what, known }) => ({
    what: `${name} may be ${what} of several`,
    exit: EXIT.usage,
    ...choices(known),
  }),
  "bad-card": () => ({
    what: "that is no card of anybody",
    safe: UNCHANGED,
    next: "`salus keys card NAME` prints one.",
    exit: EXIT.usage,
  }),
  "no-such-record": ({ record }) => ({
    what: `no vault that may be read here has ${record}`,
    exit: EXIT.usage,
  }),
  interrupted: () => ({
    what: "interrupted",
    safe: DELIVERED,
    next: "repeat the command to go on.",
    exit: EXIT.interrupted,
  }),
  "nothing-to-read": () => ({
    what: "there is no vault here that these keys may read",
    safe: "no source was asked.",
    next: "ask a patient for a grant: she needs the card of `salus keys card NAME`.",
    exit: EXIT.refused,
  }),
  "server-failed": ({ name, said }) => ({
    what: `the ${name} did not start, or ended: ${said}`,
    safe: "its data are as they were.",
    exit: EXIT.unreachable,
  }),
  "source-failed": ({ name, said }) => ({
    what: `the program of ${name} ended: ${said}`,
    safe: DELIVERED,
    exit: EXIT.found,
  }),
  disk: ({ code, path }) => {
    const [why, next] = DISK[code] ?? ["this machine does not allow it", "see what is there."];
    const what = `${path ?? "a file"} cannot be read or written: ${why} (${code})`;
    return { what, safe: "files are written whole or not at all.", next, exit: EXIT.local };
  },
};

const ANOTHER_PLACE = "name another place, or check the path.";
const ANOTHER_USER = "check whose it is, or name another place.";

/** What a machine says of its disk, and what helps. */
const DISK: Readonly<Record<string, readonly [why: string, next: string]>> = {
  EACCES: ["this user may not", ANOTHER_USER],
  EPERM: ["this user may not", ANOTHER_USER],
  EROFS: ["nothing is written there", ANOTHER_PLACE],
  ENOENT: ["it is not there, and cannot be made there", ANOTHER_PLACE],
  ENOTDIR: ["a part of the path is a file", ANOTHER_PLACE],
  EEXIST: ["something else is there", ANOTHER_PLACE],
  EISDIR: ["it is a folder", ANOTHER_PLACE],
  ENOSPC: ["the disk is full", "make room on the disk, then repeat the command."],
  EFBIG: ["it would be larger than files may be", "lift the limit, then repeat the command."],
};

function badSearch(error: SearchError): Words {
  return {
    what: `the search is not understood: ${searchErrorText(error)} (${error.kind})`,
    safe: "the cloud was asked nothing.",
    next: "see `salus search --help`.",
    exit: EXIT.usage,
  };
}

const NO_PASSPHRASE: Words = {
  what: "the home asks for its passphrase",
  safe: UNCHANGED,
  next: "run it in a terminal, or give --passphrase-file FILE, or set SALUS_PASSPHRASE.",
  exit: EXIT.locked,
};

const CHOICES = 8;

function choices(known: readonly string[]): { readonly next?: string } {
  if (known.length === 0) return {};
  const more = known.length > CHOICES ? `, and ${known.length - CHOICES} more` : "";
  const some = known.slice(0, CHOICES).map((name) => shownText(name, 128));
  return { next: `there are ${some.join(", ")}${more}.` };
}
