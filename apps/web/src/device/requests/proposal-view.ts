import { toHex } from "@salus/base";
import { type Patient, type Proposal, type Registry, shownText } from "@salus/client";
import type { Category } from "@salus/health";
import { NAME_MAX, ownLast, type SourceName, sourceName } from "../deciding/names.ts";
import { type PeriodView, periodView, type RequesterView, requesterView } from "./request-view.ts";

/** What is granted of one source. */
export interface CoveredView {
  readonly source: string;
  readonly name: SourceName;
  readonly categories: readonly Category[];
}

/** What she is about to sign: read back from the bytes that will be signed, and from nothing else. */
export interface ProposalShown {
  /** By which she says yes to this, and to no other. */
  readonly id: string;
  readonly who: RequesterView;
  readonly purpose: string;
  readonly covered: readonly CoveredView[];
  readonly categories: readonly Category[];
  readonly period: PeriodView;
  readonly from: number;
  readonly until: number;
  /** Keys of the devices that will read, in hexadecimal. */
  readonly devices: readonly string[];
  /** Whether all her sources are searched at once. */
  readonly together: boolean;
  /** SHA-256 of the request that it answers, in hexadecimal. */
  readonly digest: string;
  /** The terms of each grant, in hexadecimal: what the signature is over. */
  readonly terms: readonly string[];
}

export function proposalView(
  id: string,
  { opened, grants, view }: Proposal,
  patient: Patient,
  registry: Registry,
): ProposalShown {
  return {
    id,
    who: requesterView(view.who),
    purpose: shownText(view.purpose, NAME_MAX),
    covered: ownLast(
      view.sources.map(({ source, categories }) => ({
        source: toHex(source),
        name: sourceName(patient, registry, source),
        categories,
      })),
    ),
    categories: view.categories,
    period: periodView(view.period),
    from: view.notBefore,
    until: view.expires,
    devices: view.devices.map(toHex),
    together: view.together,
    digest: toHex(opened.digest),
    terms: grants.map(({ terms }) => toHex(terms)),
  };
}
