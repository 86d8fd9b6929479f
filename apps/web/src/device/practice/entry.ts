import { toHex } from "@salus/base";
import { type Match, type Registry, shownText } from "@salus/client";
import { type Description, sameFacts } from "@salus/health";
import { described } from "../described.ts";

/** Who has recorded something. Every text is somebody else's, and bounded. */
export interface Recorder {
  /** The handle of the source in this vault. */
  readonly source: string;
  /** The organisation; undefined for one that no certificate names. */
  readonly organisation: string | undefined;
  /** Department and physician, as far as certificates name them. */
  readonly by: readonly string[];
  /** `patient`: she says so herself. `inferred`: nobody states that it is the organisation's own. */
  readonly assigned: "stated" | "inferred" | "patient";
}

/** One record as it stands in the vault. */
export interface RecordView {
  readonly record: string;
  readonly recorder: Recorder;
  readonly said: Description;
  /** The resource itself, for those who want to see all of it. */
  readonly json: string;
}

/** One fact: what one source has recorded, or several alike. */
export interface Entry {
  /** The handle of the first of its records. */
  readonly id: string;
  readonly vault: string;
  readonly said: Description;
  readonly records: readonly RecordView[];
}

const NAME_MAX = 128;
const JSON_MAX = 100_000;

/** The records as facts: what several sources have recorded alike stands once. */
export function entriesOf(
  matches: readonly Match[],
  registry: Registry | undefined,
): readonly Entry[] {
  const byVault = new Map<string, Item[]>();
  for (const [at, match] of matches.entries()) {
    const vault = toHex(match.vault);
    const item = { at, match, resource: match.resource, source: toHex(match.origin.source) };
    const others = byVault.get(vault);
    if (others === undefined) byVault.set(vault, [item]);
    else others.push(item);
  }
  const all: (Entry & { readonly at: number })[] = [];
  // The same fact is never of two patients.
  for (const [vault, items] of byVault) {
    for (const group of sameFacts(items)) {
      const records = group.map(({ match }) => recordView(match, registry));
      const [first, at = 0] = [records[0], group[0]?.at];
      if (first !== undefined) {
        all.push({ id: first.record, vault, said: first.said, records, at });
      }
    }
  }
  return all.toSorted((a, b) => a.at - b.at).map(({ at: _, ...entry }) => entry);
}

/** A match, and which one it was. */
interface Item {
  readonly at: number;
  readonly match: Match;
  readonly resource: Match["resource"];
  readonly source: string;
}

function recordView(
  { record, origin, resource }: Match,
  registry: Registry | undefined,
): RecordView {
  const [organisation, ...below] = origin.path;
  const named = (node: string): string | undefined => {
    const name = registry?.byNode(node)?.name;
    return name === undefined ? undefined : shownText(name, NAME_MAX);
  };
  const json = JSON.stringify(resource, null, 1);
  return {
    record: toHex(record),
    recorder: {
      source: toHex(origin.source),
      organisation:
        origin.name === undefined
          ? organisation && named(organisation)
          : shownText(origin.name, NAME_MAX),
      by: below.map(named).filter((name) => name !== undefined),
      assigned: origin.assigned,
    },
    said: described(resource),
    json: json.length > JSON_MAX ? `${json.slice(0, JSON_MAX)}…` : json,
  };
}
