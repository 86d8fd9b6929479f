import { fail, isYoung, ok, type Result, toHex } from "@salus/base";
import {
  checkAccountLog,
  type GivenAccess,
  type Inbox,
  keptEvidence,
  type LogFailure,
  type OwnLogReport,
  shownText,
  type Trail,
  trailRecord,
} from "@salus/client";
import { encodeAuditEvent } from "@salus/health";
import { isAbsent } from "@salus/protocol";
import { type Decider, deciderOf, newestDecider } from "../deciding/decider.ts";
import { readInbox } from "../deciding/inbox.ts";
import { NAME_MAX, type ReaderName, readerName } from "../deciding/names.ts";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { type ProxyNames, proxyNames } from "../proxies/proxy-names.ts";
import { accessId } from "../sharing/access-view.ts";
import { type Asked, askedBefore, askedOf } from "./asked.ts";
import { type LogItem, trailItem } from "./trail-view.ts";

/** How a service's log stands with what this device knows to be true. */
export type LogState =
  | {
      readonly state: "fits";
      readonly size: number;
      readonly own: number;
      readonly scanned: boolean;
    }
  /** It has said something that cannot be. */
  | {
      readonly state: "contradicts";
      readonly how: LogFailure["kind"];
      /** Signed by the service itself, in hexadecimal: whoever sees it can check it. */
      readonly evidence: string | undefined;
    }
  /** It was not to be asked. */
  | { readonly state: "unasked"; readonly why: Failure["kind"] };

/** What happened around her record, and how far that is certain. */
export interface LogView {
  /** The newest first. */
  readonly items: readonly LogItem[];
  readonly record: LogState;
  readonly account: LogState;
  /** What was kept against a log before, in hexadecimal: it never may be forgotten. */
  readonly kept: readonly string[];
  readonly checked: number;
}

/** She is asked who she is before something leaves this device in the clear. */
const EXPORT_STEP_UP_MS = 300_000;

/** Who asked, was granted, searched and read. */
export const log = {
  /**
   * Everything, held against both services' logs.
   *
   * Takes:   `everything`: look through each leaf once more, and not only those that are new.
   * Fails:   as `newestDecider`. What a log contradicts stands in the view: it must be seen.
   */
  read: (everything: boolean): Promise<Result<LogView, Problem>> =>
    withOpen(async (open) => {
      const decider = await newestDecider(open);
      if (!decider.ok) return decider;
      const { patient } = decider.value;
      const called = await proxyNames(open.store);
      if (!called.ok) return called;
      const record = stateOf(await patient.checkLog(everything));
      const account = stateOf(await checkAccountLog(open.account, everything));
      const trail = await patient.trail();
      const inbox = await readInbox(decider.value);
      const kept = await keptEvidence(open.store);
      if (!kept.ok) return kept;
      const items = [
        ...(trail.ok ? trailItems(decider.value, trail.value, called.value) : []),
        ...grantItems(decider.value, called.value),
        ...askedItems([
          ...(await askedBefore(open)),
          ...(inbox.ok ? inbox.value.pending.map(askedOf) : []),
        ]),
        ...(inbox.ok ? lookedItems(inbox.value) : []),
      ];
      return ok({
        items: items.toSorted((a, b) => b.time - a.time),
        record: trailState(record, trail),
        account,
        kept: kept.value.map(toHex),
        checked: Date.now(),
      });
    }),

  /** The trail as FHIR AuditEvents, a line each. Fails: `step-up`: it is in the clear. */
  events: (): Promise<Result<string, Problem>> =>
    withOpen(async (open) => {
      if (!isYoung(open.stepUp.at, EXPORT_STEP_UP_MS)) return fail({ kind: "step-up" });
      const decider = await deciderOf(open);
      if (!decider.ok) return decider;
      const { patient, registry } = decider.value;
      const trail = await patient.trail();
      if (!trail.ok) return trail;
      const lines = trail.value.items.map((item) =>
        JSON.stringify(encodeAuditEvent(trailRecord(item, patient, registry), "Salus cloud")),
      );
      return ok(lines.map((line) => `${line}\n`).join(""));
    }),
};

function stateOf(checked: Result<OwnLogReport, Failure>): LogState {
  if (!checked.ok) return badState(checked.error);
  const { size, leaves, scanned } = checked.value;
  return { state: "fits", size, own: leaves, scanned };
}

/** A log that fits by itself may have shown another one to somebody who read. */
function trailState(record: LogState, trail: Result<Trail, Failure>): LogState {
  if (record.state === "contradicts") return record;
  if (!trail.ok) return badState(trail.error);
  return trail.value.failure === undefined ? record : badState(trail.value.failure);
}

function badState(error: Failure): LogState {
  if (!("log" in error)) return { state: "unasked", why: error.kind };
  return {
    state: "contradicts",
    how: error.kind,
    evidence: error.evidence && toHex(error.evidence),
  };
}

function trailItems(
  { patient, registry }: Decider,
  { items }: Trail,
  called: ProxyNames,
): readonly LogItem[] {
  const accesses = new Map<string, string>();
  for (const { grant, request } of patient.grants()) {
    const id = toHex(isAbsent(request) ? grant : request);
    accesses.set(id, id);
    accesses.set(toHex(grant), id);
  }
  return items.map((item) => trailItem(item, accesses, registry, called));
}

function grantItems(
  { patient, registry, requests }: Decider,
  called: ProxyNames,
): readonly LogItem[] {
  const whenOf = ({ request, notBefore }: GivenAccess): number => {
    const approval = request && patient.chain.approvals.get(toHex(request));
    return approval?.time ?? notBefore;
  };
  return requests.given().map((access) => ({
    ...EMPTY,
    id: `grant-${accessId(access)}`,
    time: whenOf(access),
    did: "granted",
    who: readerName(registry, called, access.grantees[0] ?? new Uint8Array(0)),
    access: accessId(access),
  }));
}

const EMPTY = { claims: undefined, access: undefined, query: "", got: 0, findings: [] };

/** Each request once, whether it waits or was answered. */
function askedItems(asked: readonly Asked[]): readonly LogItem[] {
  const byRequest = new Map(asked.map((one) => [one.request, one]));
  return [...byRequest.values()].map(
    ({ request, time, who }): LogItem => ({
      ...EMPTY,
      ...{ id: `asked-${request}`, time, did: "asked", who },
    }),
  );
}

function lookedItems({ lookUps }: Inbox): readonly LogItem[] {
  return lookUps.map(({ by, time }, at): LogItem => {
    const id = `looked-${at}`;
    if (!by.ok)
      return { ...EMPTY, id, time, did: "looked", who: undefined, findings: [by.error.kind] };
    const { path, physician } = by.value;
    const { name, node } = physician.payload;
    const organisation = shownText(path[0].payload.name, NAME_MAX);
    const shown = { name: shownText(name, NAME_MAX), node: shownText(node, NAME_MAX) };
    const who: ReaderName = { kind: "certified", ...shown, organisation, suspended: false };
    return { ...EMPTY, id, time, did: "looked", who };
  });
}
