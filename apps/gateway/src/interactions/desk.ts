import type { Resource } from "@salus/client";
import type { Searches } from "../search/index.ts";
import type { World } from "../world.ts";
import type { Turns } from "./turns.ts";

/** What a gateway has for every interaction, as one caller may use it. */
export interface Desk {
  /** Behind the fence of whoever asks. */
  readonly world: World;
  readonly searches: Searches;
  /** Who asks, for answers that are kept for her. */
  readonly asker: string;
  /** The absolute address of the FHIR base, without a slash at its end. */
  readonly base: string;
  /** What the gateway says of itself. */
  statements(): { readonly capability: Resource; readonly terminology: Resource };
  /** For what looks first and writes then. */
  readonly turns: Turns;
}
