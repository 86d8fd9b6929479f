import { toHex } from "@salus/base";
import { type Registry, shownText, type TrailItem } from "@salus/client";
import { NAME_MAX, type ReaderName, readerName } from "../deciding/names.ts";

/** What was done: as whoever read says, or, where she says nothing, as the cloud noted it. */
export type Did =
  | "search"
  | "read"
  | "verify"
  | "export"
  | "write"
  /** Something, and nobody says what. */
  | "something"
  /** She let somebody read. */
  | "granted"
  /** Somebody asked to read. */
  | "asked"
  /** Somebody looked for her. */
  | "looked";

/** Something that happened around her record. */
export interface LogItem {
  readonly id: string;
  readonly time: number;
  readonly did: Did;
  /** Nothing where nobody's signature is there. */
  readonly who: ReaderName | undefined;
  /** What whoever read calls herself, where no certificate says who she is. */
  readonly claims: string | undefined;
  /** The access that it was done under, by its id in the list of accesses. */
  readonly access: string | undefined;
  /** The question as it was typed. */
  readonly query: string;
  /** How many sealed records were handed out. */
  readonly got: number;
  /** What does not fit. */
  readonly findings: readonly string[];
}

const QUERY_MAX = 512;

export function trailItem(
  item: TrailItem,
  accesses: ReadonlyMap<string, string>,
  registry: Registry,
  called: ReadonlyMap<string, string>,
): LogItem {
  const { number, time, grantee, grant, route, candidates, said, findings } = item;
  const who = grantee && readerName(registry, called, grantee);
  const claims = said === undefined || said.name === "" ? undefined : said.name;
  return {
    id: `trail-${number}`,
    time,
    did: said?.action ?? (route === undefined ? "something" : DONE[route]),
    who,
    claims: who?.kind === "certified" ? undefined : claims && shownText(claims, NAME_MAX),
    access: grant && accesses.get(toHex(grant)),
    query: shownText(said?.query ?? "", QUERY_MAX),
    got: candidates,
    findings,
  };
}

const DONE = { query: "search", records: "read", history: "read", batches: "verify" } as const;
