import { equalBytes, ok, type Result, toHex } from "@salus/base";
import type { Answer, Match, Patient, Reader, Registry, Report } from "@salus/client";
import { ownSources } from "@salus/client";
import type { DescribedCode } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import { described } from "../described.ts";
import type { Open } from "../open.ts";
import { type Failure, toProblem } from "../problem.ts";
import { askAll, Feed } from "./feed.ts";
import { lineOf, shownName, timeOf } from "./lines.ts";
import type { Answered, Coverage, Line, SourceView } from "./views.ts";

/** Candidates on a page: of a whole answer, and of a list at first. Further pages grow. */
const PAGE = 500;
const PAGE_LEAST = 20;
const PAGE_MOST = 500;
/** More than any list is scrolled: a bound lets the reader ask sealed categories by themselves. */
const ALL = 1_000_000;
/** Records that are kept opened: some ten megabytes. */
const OPENED_MAX = 1_500;
const FEEDS_MAX = 10;
const CODES_MAX = 2_000;

/** A code that the record uses, for suggestions. */
export interface KnownCode {
  readonly type: string;
  readonly system: string;
  readonly code: string;
  readonly title: string;
}

interface Vault {
  readonly reader: Reader;
  /** Nothing where the record is another's. */
  readonly patient: Patient | undefined;
  readonly registry: Registry;
  readonly vault: VaultHandle;
}

/**
 * What the worker keeps of a record while somebody is signed in: lists as far as they were read, and
 * the records that were opened last. All of it is bounded, and ends with the worker.
 */
export class Room {
  readonly open: Open;
  /** Whose record it is, where it is not her own. */
  readonly other: VaultHandle | undefined;
  readonly #opened = new Map<string, Match>();
  readonly #feeds = new Map<string, Feed<Line>>();
  readonly #codes = new Map<string, KnownCode>();

  constructor(open: Open, other: VaultHandle | undefined) {
    this.open = open;
    this.other = other;
  }

  /** The vault and what reads it. Fails: as `Open.patient`. */
  async vault(): Promise<Result<Vault, Failure>> {
    const registry = await this.open.registry();
    if (!registry.ok) return registry;
    const reader = await this.open.reader();
    if (!reader.ok) return reader;
    const common = { reader: reader.value, registry: registry.value };
    if (this.other !== undefined) return ok({ ...common, patient: undefined, vault: this.other });
    const patient = await this.open.patient();
    if (!patient.ok) return patient;
    return ok({ ...common, patient: patient.value, vault: patient.value.vault });
  }

  /** Ask the vault. Takes: `source`, a handle in hexadecimal, to ask only that one. */
  async ask(query: string, source?: string, pageSize = PAGE): Promise<Result<Answer, Failure>> {
    const known = await this.vault();
    if (!known.ok) return known;
    const { reader, vault } = known.value;
    const counted = /[?&]_count=/.test(query)
      ? query
      : `${query}${query.includes("?") ? "&" : "?"}_count=${ALL}`;
    const scope = source === undefined ? {} : { scope: [source] };
    return reader.search(counted, { vaults: [vault], pageSize, ...scope });
  }

  /** A list over several searches, kept so that it can be gone on with. */
  async feed(
    queries: readonly string[],
    source: string | undefined,
    { fresh, count }: { readonly fresh: boolean; readonly count: number },
  ): Promise<Result<Feed<Line>, Failure>> {
    const name = JSON.stringify([queries, source]);
    const known = this.#feeds.get(name);
    this.#feeds.delete(name);
    if (known !== undefined && !fresh) {
      this.#feeds.set(name, known);
      return ok(known);
    }
    const vault = await this.vault();
    if (!vault.ok) return vault;
    // What is wanted at first comes in one answer; of several searches each gives a part of it.
    const page = Math.min(
      Math.max(Math.ceil((1.1 * count) / queries.length), PAGE_LEAST),
      PAGE_MOST,
    );
    const askings = await askAll(queries, (query) => this.ask(query, source, page));
    if (!askings.ok) return askings;
    const { registry } = vault.value;
    const feed = new Feed<Line>(askings.value, {
      timeOf,
      itemOf: (match) => {
        this.keep(match);
        return lineOf(match, registry);
      },
    });
    this.#feeds.set(name, feed);
    for (const oldest of this.#feeds.keys()) {
      if (this.#feeds.size <= FEEDS_MAX) break;
      this.#feeds.delete(oldest);
    }
    return ok(feed);
  }

  /** Something was written: lists are to be asked anew. */
  forgetFeeds(): void {
    this.#feeds.clear();
  }

  forgetRecord(handle: string): void {
    this.#opened.delete(handle);
  }

  /** Remember a record that was opened, and the codes that it uses. */
  keep(match: Match): void {
    const handle = toHex(match.record);
    this.#opened.delete(handle);
    this.#opened.set(handle, match);
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= OPENED_MAX) break;
      this.#opened.delete(oldest);
    }
    if (this.#codes.size >= CODES_MAX) return;
    const { type, title, codes, values } = described(match.resource);
    const [first] = codes;
    if (first !== undefined) this.#note(type, first, title);
    // The parts of a panel can be searched for by themselves.
    for (const { label, codes: own } of values) {
      if (label !== "" && own[0] !== undefined) this.#note(type, own[0], label);
    }
  }

  #note(type: string, { system, code }: DescribedCode, title: string): void {
    this.#codes.set(`${type}/${system}|${code}`, { type, system, code, title });
  }

  kept(handle: string): Match | undefined {
    return this.#opened.get(handle);
  }

  codes(): readonly KnownCode[] {
    return [...this.#codes.values()];
  }

  /** What a view says of how it came about. Takes: `after`, the mark before it was asked. */
  async answered(
    queries: readonly string[],
    reports: readonly Report[],
    after: number,
  ): Promise<Answered> {
    const until = this.open.exchanges.mark();
    const coverage = coverageOf(reports, await this.#own());
    return { coverage, asked: { queries, after, until }, seen: undefined };
  }

  /** Sources that are the patient herself. */
  async #own(): Promise<readonly string[]> {
    if (this.other !== undefined) {
      const chain = this.open.chains.get(this.other)?.state;
      const devices = [...(chain?.devices.values() ?? [])];
      return [...(chain?.sources.values() ?? [])]
        .filter(({ key }) => devices.some(({ sign }) => equalBytes(sign, key)))
        .map(({ source }) => toHex(source));
    }
    const patient = await this.open.patient();
    return patient.ok ? ownSources(patient.value).map(({ source }) => toHex(source)) : [];
  }

  /** Every source that the record has, and its name. Fails: as `vault`. */
  async sources(): Promise<Result<readonly SourceView[], Failure>> {
    const vault = await this.vault();
    if (!vault.ok) return vault;
    const { patient, registry } = vault.value;
    const own = await this.#own();
    const chain = this.other && this.open.chains.get(this.other)?.state;
    const all = patient?.sources() ?? [...(chain?.sources.values() ?? [])];
    return ok(
      all.map(({ source, key }) => {
        const [handle, name] = [toHex(source), shownName(registry.byKey(key)?.name)];
        return { source: handle, name, own: own.includes(handle), status: "answered" as const };
      }),
    );
  }
}

const WORST: readonly SourceView["status"][] = ["answered", "stale", "hidden", "failed"];

/** Of several answers the worst counts, for each source. */
function coverageOf(reports: readonly Report[], own: readonly string[]): Coverage {
  const sources = new Map<string, SourceView>();
  for (const { sources: said } of reports) {
    for (const { source, name: called, status } of said) {
      const [handle, name] = [toHex(source), shownName(called)];
      const known = sources.get(handle)?.status ?? status;
      const worse = WORST.indexOf(known) > WORST.indexOf(status) ? known : status;
      sources.set(handle, { source: handle, name, own: own.includes(handle), status: worse });
    }
  }
  const failure = reports.flatMap(({ failures }) => failures)[0];
  const leftOut = reports
    .flatMap(({ findings }) => findings)
    .filter(({ kind }) => kind === "unreadable").length;
  const problem = failure && toProblem(failure.error);
  return { sources: [...sources.values()], problem, leftOut };
}

const rooms = new WeakMap<Open, Room>();

export function roomOf(open: Open): Room {
  const room = rooms.get(open) ?? new Room(open, undefined);
  rooms.set(open, room);
  return room;
}

/** Read another's record, or her own. What was read of the one before is forgotten. */
export function readRecordOf(open: Open, other: VaultHandle | undefined): void {
  rooms.set(open, new Room(open, other));
}
