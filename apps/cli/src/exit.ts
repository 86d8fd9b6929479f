/** What the program's exit code says. Scripts rest on these numbers: they do not change. */
export const EXIT = {
  done: 0,
  found: 1,
  usage: 2,
  unreachable: 3,
  locked: 4,
  refused: 5,
  untrusted: 6,
  local: 7,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const MEANING: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, "done, and nothing to remark"],
  [
    EXIT.found,
    "done, and something is wrong: not everything imported, damage found, a source did not answer",
  ],
  [EXIT.usage, "not understood: unknown command, option, search parameter, name or date"],
  [EXIT.unreachable, "the cloud or the directory does not answer, or could not start"],
  [
    EXIT.locked,
    "keys: no passphrase, a wrong one, not signed in, not confirmed, no home, or another program uses it",
  ],
  [EXIT.refused, "the cloud, the directory, or the patient's chain does not allow it"],
  [EXIT.untrusted, "an answer is not what was signed: changed, rolled back or invented"],
  [EXIT.local, "a file cannot be read or written here"],
  [EXIT.bug, "a fault of the program"],
  [EXIT.interrupted, "interrupted; what was delivered stays"],
];

/** The table of exit codes, for `--help` and the guide. */
export function exitHelp(): string {
  const lines = MEANING.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`);
  return `\nExit codes:\n${lines.join("\n")}`;
}
