import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import { isOwners, type Match, type Report, shownText } from "@salus/client";
import { type SourceHandle, VaultHandle } from "@salus/protocol";
import type { Open } from "./open.ts";
import type { Failure } from "./problem.ts";

/** How a source answered. `silent`: it could not be asked; `stale`: it has newer records; `ended`. */
export type SourceWord = "answered" | "silent" | "stale" | "ended";

/** One source of one patient, and how it answered. */
export interface AnsweredSource {
  readonly vault: string;
  readonly source: string;
  readonly name: string | undefined;
  /** It is the patient herself: no registry has her name. */
  readonly own: boolean;
  readonly word: SourceWord;
}

/** What came of one question: what was found, and who was asked. */
export interface Findings {
  readonly matches: readonly Match[];
  readonly sources: readonly AnsweredSource[];
  /** Vaults that could not be asked at all. */
  readonly unasked: readonly string[];
  /** Records that an honest cloud and honest sources would not have given: they are not shown. */
  readonly doubtful: number;
  /** Whether there may be more than was asked for. */
  readonly more: boolean;
}

const WORDS = { answered: "answered", stale: "stale", failed: "silent", hidden: "ended" } as const;
const NAME_MAX = 128;

export function vaultOf(hex: string): Result<VaultHandle, Failure> {
  const bytes = fromHex(hex);
  const vault = bytes.ok ? VaultHandle.parse(bytes.value) : bytes;
  return vault.ok ? vault : fail({ kind: "not-found" });
}

/**
 * Ask a question of some vaults, and read no more than `most` of what is found.
 *
 * Fails:   `bad-query`; any `CloudError` when the vaults cannot even be listed.
 */
export async function askAbout(
  open: Open,
  query: string,
  vaults: readonly VaultHandle[],
  most: number,
): Promise<Result<Findings, Failure>> {
  const reader = await open.reader();
  if (!reader.ok) return reader;
  const answer = await reader.value.search(query, { vaults });
  if (!answer.ok) return answer;
  const matches: Match[] = [];
  let more = false;
  for await (const match of answer.value) {
    if (matches.length === most) {
      more = true;
      break;
    }
    matches.push(match);
  }
  return ok({ matches, more, ...reportOf(answer.value.report(), open) });
}

/** Whether a source is the patient herself, by the chain that was read last. */
export function isPatient({ chains }: Open, vault: VaultHandle, source: SourceHandle): boolean {
  const chain = chains.get(vault);
  return chain !== undefined && isOwners(chain.state, source);
}

function reportOf(
  { sources, failures, findings }: Report,
  open: Open,
): Pick<Findings, "sources" | "unasked" | "doubtful"> {
  return {
    sources: sources.map(({ vault, source, name, status }) => ({
      vault: toHex(vault),
      source: toHex(source),
      name: name && shownText(name, NAME_MAX),
      own: isPatient(open, vault, source),
      word: WORDS[status],
    })),
    unasked: failures.map(({ vault }) => toHex(vault)),
    doubtful: findings.length,
  };
}

const RANK: Readonly<Record<SourceWord, number>> = { answered: 0, stale: 1, ended: 2, silent: 3 };

/** Several questions as one: of what a source answered to each, the worst counts. */
export function together(all: readonly Findings[]): Findings {
  const sources = new Map<string, AnsweredSource>();
  for (const one of all.flatMap((findings) => findings.sources)) {
    const name = `${one.vault}/${one.source}`;
    const known = sources.get(name);
    if (known === undefined || RANK[one.word] > RANK[known.word]) sources.set(name, one);
  }
  return {
    matches: all.flatMap(({ matches }) => matches),
    sources: [...sources.values()],
    unasked: [...new Set(all.flatMap(({ unasked }) => unasked))],
    doubtful: all.reduce((sum, { doubtful }) => sum + doubtful, 0),
    more: all.some(({ more }) => more),
  };
}
