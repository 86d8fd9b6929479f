import { toHex } from "@salus/base";
import { type CoveredSource, type OpenedRequest, type Proposal, shownText } from "@salus/client";
import { identifierShown } from "../asked/identifier.ts";
import { purposeText } from "./purpose.ts";
import { momentText, periodText, spanText } from "./time-text.ts";

const KEY_LETTERS = 16;
/** So much of a text of somebody else. */
const SHOWN = 128;

/** A text of somebody else in one line: it must not turn around what stands beside it. */
function shown(text: string): string {
  return shownText(text, SHOWN);
}

/** A request for people: who asks for what. Its texts were made fit to be shown when it was opened. */
export function requestLines({ request, who }: OpenedRequest): readonly string[] {
  const { sources, categories, period, expires, answerBy } = request;
  const asked = [
    sources.length === 0 ? "all sources" : sources.map(shown).join(", "),
    categories.length === 0 ? "all categories" : categories.map(shown).join(", "),
    periodText(period),
    `until ${momentText(expires)}`,
  ];
  return [
    `Request ${toHex(request.request)}`,
    ...rows([
      ["from", `${who.name} [${who.node}], ${who.path.slice(0, -1).join(" › ")}`],
      ["registered as", who.identifiers.join(", ")],
      ["looked up by", identifierShown(who.identifier) || "your own code"],
      ["purpose", purposeText(shown(request.purpose))],
      ["asks for", asked.join(" · ")],
      ["says", who.note === "" ? "" : `“${who.note}”`],
      ["answer by", momentText(answerBy)],
    ]),
  ];
}

/** What will be signed, for people: read from the very terms, and from nothing else. */
export function proposalLines({ view, grants }: Proposal, now: number): readonly string[] {
  const devices = view.devices.map((key) => `${toHex(key).slice(0, KEY_LETTERS)}…`);
  return [
    `What you sign: ${grants.length} grant${grants.length === 1 ? "" : "s"}`,
    ...rows([
      ["who may read", `${view.who.name} [${view.who.node}]`],
      ["with", `${devices.length === 1 ? "the device" : "the devices"} ${devices.join(", ")}`],
      ["purpose", purposeText(shown(view.purpose))],
      ...view.sources.map((source): Row => ["may read", coveredText(source)]),
      ["searched", view.together ? "all sources at once" : "source by source"],
      ["care of", periodText(view.period)],
      ["from", momentText(view.notBefore)],
      ["until", `${momentText(view.expires)} (${spanText(view.expires - now)})`],
    ]),
  ];
}

/** A proposal for machines, with the bytes that are signed. */
export function proposalJson({ opened, view, grants }: Proposal): object {
  return {
    request: toHex(opened.request.request),
    who: view.who,
    purpose: view.purpose,
    sources: view.sources.map(({ source, name, node, categories }) => ({
      source: toHex(source),
      name: name ?? null,
      node: node ?? null,
      categories,
    })),
    categories: view.categories,
    period: view.period,
    from: new Date(view.notBefore).toISOString(),
    until: new Date(view.expires).toISOString(),
    devices: view.devices.map(toHex),
    together: view.together,
    grants: grants.map(({ grant, terms }) => ({ grant: toHex(grant), terms: toHex(terms) })),
  };
}

/** A request for machines. */
export function requestJson({ request, who, digest }: OpenedRequest): object {
  const { purpose, sources, categories, period, expires, answerBy, time } = request;
  return {
    request: toHex(request.request),
    digest: toHex(digest),
    who,
    purpose,
    sources,
    categories,
    period,
    until: new Date(expires).toISOString(),
    answerBy: new Date(answerBy).toISOString(),
    time: new Date(time).toISOString(),
  };
}

function coveredText({ source, name, node, categories }: CoveredSource): string {
  const called = name === undefined ? `source ${toHex(source)}` : `${name} [${shown(node ?? "")}]`;
  return `${called}: ${categories.join(", ")}`;
}

type Row = readonly [label: string, text: string];

const LABEL_WIDTH = 14;

function rows(all: readonly Row[]): readonly string[] {
  return all
    .filter(([, text]) => text !== "")
    .map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)} ${text}`);
}
