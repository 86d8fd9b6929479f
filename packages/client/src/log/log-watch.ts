import { type Bytes, equalBytes, fail, isYoung, ok, type Result } from "@salus/base";
import {
  encodeEvidence,
  type Statement,
  verifyConsistency,
  verifyEvidence,
  verifySigned,
} from "@salus/evaluate";
import type { LogProof } from "@salus/protocol";
import type { CloudError, LogFailure, ServiceName } from "../failure.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { LogPins } from "./log-pins.ts";
import type { LoggingService } from "./port.ts";

/** A checkpoint whose signature was verified, and its signed bytes. */
export interface SeenCheckpoint {
  readonly statement: Statement<"checkpoint">;
  readonly signed: Bytes;
}

export type LogError = LogFailure | CloudError;
type Checked<T> = Promise<Result<T, LogError>>;

/**
 * Somebody who keeps an eye on a service's log: remembers the newest that it has said, and holds it to
 * that whenever she uses it.
 *
 * Source:  spec/log.md §1.
 */
export class LogWatch {
  readonly pins: LogPins;
  readonly service: LoggingService;
  readonly #log: ServiceName;

  private constructor(pins: LogPins, service: LoggingService, log: ServiceName) {
    this.pins = pins;
    this.service = service;
    this.#log = log;
  }

  /** The watch of a store over a service: one object for all who use the store. Fails: `store-damaged`. */
  static async of(
    store: KeyStore,
    service: LoggingService,
    log: ServiceName = "cloud",
  ): Promise<Result<LogWatch, StoreDamaged>> {
    const shared = opened.get(store) ?? new Map<ServiceName, ReturnType<typeof LogPins.open>>();
    opened.set(store, shared);
    const opening = shared.get(log) ?? LogPins.open(store, log);
    shared.set(log, opening);
    const pins = await opening;
    return pins.ok ? ok(new LogWatch(pins.value, service, log)) : pins;
  }

  /** The newest checkpoint that was seen, to be shown to others; nothing before the first. */
  get newest(): Bytes | undefined {
    return this.pins.checkpoint;
  }

  /**
   * Fetch the newest checkpoint and hold it against the one that was seen before.
   *
   * Takes:   `maxAgeMs`, how long ago the last check by this store of this service may have been to be enough.
   * Fails:   `log-rollback`, `log-fork`, `log-inconsistent`, `log-key-changed`; any `CloudError`.
   * Cost:    one request, and another when the log has grown; a signature.
   */
  check(maxAgeMs = 0): Checked<SeenCheckpoint> {
    return this.pins.alone(() => this.#check(maxAgeMs));
  }

  /**
   * Hold another's checkpoint of this log against one's own: a log that shows people different things
   * has been found out by the first two who compare.
   *
   * Takes:   signed bytes, from anybody.
   * Fails:   `log-fork`, `log-inconsistent`, with evidence; `log-rollback`: the log shows us less than
   *          it has shown them. `log-key-changed`: it is signed by another key. Any `CloudError`.
   */
  async compare(theirs: Bytes): Checked<void> {
    const mine = await this.check();
    if (!mine.ok) return mine;
    const read = this.#verify(theirs);
    if (!read.ok) return read;
    if (read.value.statement.payload.size > mine.value.statement.payload.size) {
      return this.#fail("log-rollback");
    }
    return this.#follows(read.value, mine.value);
  }

  async #check(maxAgeMs: number): Checked<SeenCheckpoint> {
    const last = checks.get(this.pins)?.get(this.service);
    if (last !== undefined && isYoung(last.at, maxAgeMs)) return ok(last.seen);
    const before = this.#pinned();
    const met = await this.#meet();
    if (!met.ok) return met;
    const answer = await this.service.checkpoint();
    if (!answer.ok) return answer;
    const seen = this.#verify(answer.value.checkpoint);
    if (!seen.ok) return seen;
    if (before !== undefined) {
      if (seen.value.statement.payload.size < before.statement.payload.size) {
        return this.#fail("log-rollback");
      }
      const follows = await this.#follows(before, seen.value);
      if (!follows.ok) return follows;
    }
    await this.pins.pinCheckpoint(seen.value.signed);
    const ofStore = checks.get(this.pins) ?? new WeakMap();
    checks.set(this.pins, ofStore.set(this.service, { at: Date.now(), seen: seen.value }));
    return seen;
  }

  /** Pin whose log it is, at first sight. */
  async #meet(): Checked<void> {
    if (this.pins.service !== undefined) return ok(undefined);
    const about = await this.service.about();
    if (!about.ok) return about;
    await this.pins.pinService(about.value.id, about.value.log);
    return ok(undefined);
  }

  #pinned(): SeenCheckpoint | undefined {
    const signed = this.pins.checkpoint;
    const read = signed && this.#verify(signed);
    return read?.ok ? read.value : undefined;
  }

  #verify(signed: Bytes): Result<SeenCheckpoint, LogError> {
    const { id, key } = this.pins.service ?? {};
    const read = verifySigned("checkpoint", signed, key);
    if (!read.ok && read.error.kind === "wrong-key") return this.#fail("log-key-changed");
    if (!read.ok) return fail({ kind: "malformed-answer", what: "checkpoint" });
    if (read.value.payload.log !== id) return this.#fail("log-key-changed");
    return ok({ statement: read.value, signed });
  }

  /** Whether the log can show that one of its states came from another. */
  async #follows(older: SeenCheckpoint, newer: SeenCheckpoint): Checked<void> {
    const [from, to] = [older.statement.payload, newer.statement.payload];
    const same = from.size === to.size;
    if (same && equalBytes(from.root, to.root)) return ok(undefined);
    let proof: LogProof["proof"] = [];
    if (!same && from.size > 0) {
      const asked = await this.service.consistency(from.size, to.size);
      if (!asked.ok) return asked;
      proof = asked.value.proof;
    }
    if (verifyConsistency(from, to, proof).ok) return ok(undefined);
    const evidence = encodeEvidence({ first: older.signed, second: newer.signed, proof });
    const kind = same ? "log-fork" : "log-inconsistent";
    if (!verifyEvidence(evidence).ok) return this.#fail(kind);
    await this.pins.keepEvidence(evidence);
    return this.#fail(kind, evidence);
  }

  #fail(kind: LogFailure["kind"], evidence?: Bytes): Result<never, LogFailure> {
    return fail({ kind, log: this.#log, ...(evidence && { evidence }) });
  }
}

const opened = new WeakMap<KeyStore, Map<ServiceName, ReturnType<typeof LogPins.open>>>();

/** The last check of a service by all who use a store: a screen asks many questions at once. */
const checks = new WeakMap<LogPins, WeakMap<LoggingService, Check>>();

interface Check {
  readonly at: number;
  readonly seen: SeenCheckpoint;
}
