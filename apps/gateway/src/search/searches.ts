import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { type Outcome, outcomeOfWorldError } from "../outcome.ts";
import type { World } from "../world.ts";
import type { SearchAnswer, SearchRequest } from "./request.ts";

export interface SearchesOptions {
  /** More records than this are opened for no request. */
  readonly candidatesMax?: number;
}

const CANDIDATES_MAX = 10_000;

/** The searches of one gateway, and the answers that it keeps for their further pages. */
export class Searches {
  readonly #candidatesMax: number;

  constructor({ candidatesMax = CANDIDATES_MAX }: SearchesOptions = {}) {
    this.#candidatesMax = candidatesMax;
  }

  /**
   * Answer a search, or a further page of one.
   *
   * Fails:   an outcome with its status, ready to be sent.
   */
  async search(
    world: World,
    { base, path, query, form = "" }: SearchRequest,
  ): Promise<Result<SearchAnswer, Outcome>> {
    const asked = [query, form].filter((part) => part !== "").join("&");
    const text = asked === "" ? path : `${path}?${asked}`;
    const found = await world.find(text, { candidatesMax: this.#candidatesMax });
    if (!found.ok) return fail(outcomeOfWorldError(found.error));
    const entry: Resource[] = [];
    const entries: object[] = [];
    for await (const match of found.value) {
      if (!match.ok) return fail(outcomeOfWorldError(match.error));
      const { resource } = match.value;
      entry.push(resource);
      const fullUrl = `${base}/${resource.resourceType}/${resource.id}`;
      entries.push({ fullUrl, resource, search: { mode: "match" } });
    }
    const link = [{ relation: "self", url: `${base}/${text}` }];
    const bundle = { resourceType: "Bundle", type: "searchset", total: entry.length, link };
    return ok({ bundle: { ...bundle, entry: entries }, headers: {} });
  }
}
