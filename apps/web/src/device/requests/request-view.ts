import { toHex } from "@salus/base";
import {
  type OpenedRequest,
  type Patient,
  type Registry,
  type Requester,
  shownText,
} from "@salus/client";
import { CATEGORIES, type Category } from "@salus/health";
import { NAME_MAX, ownLast, type SourceName, sourceName } from "../deciding/names.ts";

/** A period of care, in milliseconds; none is all of it. */
export type PeriodView = { readonly from: number; readonly to: number } | undefined;

/** Who asks. Every text in it is somebody else's, made fit to be shown and bounded. */
export interface RequesterView {
  readonly name: string;
  readonly node: string;
  /** Registration numbers, as her certificate has them: `system|number`. */
  readonly registrations: readonly string[];
  readonly organisation: string;
  /** From the organisation down to whoever is above her. */
  readonly above: readonly string[];
}

/** What this device has checked of who asks, before it showed anything. */
export interface CheckedView {
  /** Until when the certificates hold, the shortest. */
  readonly certifiedUntil: number;
  /** At least so many authorities have said within the last week that the certificate is good. */
  readonly attesters: number;
  /** How many devices of hers would read. */
  readonly devices: number;
}

/** A source of hers that a request asks for. */
export interface AskedSource {
  readonly source: string;
  readonly name: SourceName;
}

/** A request that waits for an answer. */
export interface RequestView {
  readonly id: string;
  readonly asked: number;
  readonly answerBy: number;
  readonly who: RequesterView;
  readonly checked: CheckedView;
  /** Her own words, made fit to be shown and bounded; empty when she says nothing. */
  readonly note: string;
  /** What she found the patient by: a kind, and its value; nothing for the patient's own code. */
  readonly foundBy: { readonly kind: string; readonly value: string } | undefined;
  /** A v3-PurposeOfUse code; it may be any text. */
  readonly purpose: string;
  /** Whether everything is asked for, rather than what is named. */
  readonly allCategories: boolean;
  readonly categories: readonly Category[];
  /** So many more were named that this program does not know; they are never granted. */
  readonly unknownCategories: number;
  readonly allSources: boolean;
  /** Those of her live sources that are asked for. */
  readonly sources: readonly AskedSource[];
  /** Organisations that were named, and are no source of hers. */
  readonly otherSources: readonly string[];
  readonly period: PeriodView;
  readonly until: number;
}

/** What the page shows of a request. Nothing in it is a key. */
export function requestView(
  { request, who, practitioner }: OpenedRequest,
  patient: Patient,
  registry: Registry,
): RequestView {
  const known = CATEGORIES.filter((one) => request.categories.includes(one));
  const allCategories = request.categories.length === 0;
  return {
    id: toHex(request.request),
    asked: request.time,
    answerBy: request.answerBy,
    who: requesterView(who),
    checked: {
      certifiedUntil: Math.min(...practitioner.path.map(({ payload }) => payload.expires)),
      attesters: registry.policy.threshold,
      devices: request.devices.length,
    },
    note: who.note,
    foundBy: foundByOf(who.identifier),
    purpose: shownText(request.purpose, NAME_MAX),
    allCategories,
    categories: allCategories ? CATEGORIES : known,
    unknownCategories: request.categories.length - known.length,
    allSources: request.sources.length === 0,
    ...sourcesOf(request.sources, patient, registry),
    period: periodView(request.period),
    until: request.expires,
  };
}

export function requesterView(who: Requester): RequesterView {
  const { name, node, identifiers, organisation, path } = who;
  return { name, node, registrations: identifiers, organisation, above: path.slice(0, -1) };
}

export function periodView(
  period: readonly [] | readonly [start: number, end: number],
): PeriodView {
  const [from, to] = period;
  return from === undefined || to === undefined ? undefined : { from, to };
}

function foundByOf(identifier: string): RequestView["foundBy"] {
  if (identifier === "") return undefined;
  const bar = identifier.indexOf("|");
  return { kind: identifier.slice(0, bar), value: identifier.slice(bar + 1) };
}

/** Which of her sources are meant, and what is meant beside them. */
function sourcesOf(
  nodes: readonly string[],
  patient: Patient,
  registry: Registry,
): Pick<RequestView, "sources" | "otherSources"> {
  const live = patient.sources().filter(({ status }) => status === "live");
  const nodeOf = (key: Uint8Array): string | undefined => registry.byKey(key)?.node;
  const asked = live.filter(({ key }) => {
    const node = nodeOf(key);
    return nodes.length === 0 || (node !== undefined && nodes.includes(node));
  });
  const mine = new Set(asked.map(({ key }) => nodeOf(key)));
  const shown = asked.map(({ source }) => ({
    source: toHex(source),
    name: sourceName(patient, registry, source),
  }));
  return {
    sources: ownLast(shown),
    otherSources: nodes
      .filter((node) => !mine.has(node))
      .map((node) => shownText(registry.byNode(node)?.name ?? node, NAME_MAX)),
  };
}
