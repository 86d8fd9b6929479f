import type { Resource } from "@salus/client";

/** A search as it came over HTTP. */
export interface SearchRequest {
  /** The absolute address of the FHIR base, without a slash at its end; links begin with it. */
  readonly base: string;
  /** What stands behind the base: `Observation`, `Patient/p1/Observation`, `Patient/p1/*`; empty for all types. */
  readonly path: string;
  /** The query of the address as it came, without its question mark. */
  readonly query: string;
  /** The body of a POST to `_search`, a form. It and the query are one search. */
  readonly form?: string;
  /** `Prefer: handling=lenient`: leave out what is not known or supported, and say so. */
  readonly lenient: boolean;
  /** Who asks, as `access` names her. Further pages are given to nobody else. */
  readonly asker: string;
}

/** A Bundle to send with status 200, and the headers that go with it. */
export interface SearchAnswer {
  readonly bundle: Resource;
  readonly headers: Readonly<Record<string, string>>;
}
