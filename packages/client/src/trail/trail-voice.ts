import { type Bytes, utf8 } from "@salus/base";
import { sealTrail, type TrailPlace } from "@salus/crypto";
import {
  type KemPublic,
  TRAIL_NAME_BYTES_MAX,
  TRAIL_NODE_BYTES_MAX,
  TRAIL_QUERY_BYTES_MAX,
  type TrailAction,
} from "@salus/protocol";
import type { TrailSealer } from "../cloud/port.ts";

/** What a grantee does with a vault, in the words that the patient reads. */
export interface Deed {
  readonly action: TrailAction;
  /** The search as it was typed, or nothing. */
  readonly query: string;
}

/** Who a grantee says that she is. Whether it is so, her certificates say. */
export interface TrailName {
  readonly name: string;
  readonly node: string;
}

/**
 * Make what seals a trail entry for each request of one deed. One is always sealed ahead, so that no
 * request waits for it.
 *
 * Takes:   `newest`: the newest checkpoint that the grantee has seen. The patient holds it against
 *          hers, so that a cloud which shows the two different logs is found out by her reading on.
 * Source:  spec/log.md §2.
 */
export function trailSealer(
  to: KemPublic,
  place: TrailPlace,
  deed: Deed,
  who: TrailName,
  newest: () => Bytes | undefined,
): TrailSealer {
  const said = {
    action: deed.action,
    query: cut(deed.query, TRAIL_QUERY_BYTES_MAX),
    name: cut(who.name, TRAIL_NAME_BYTES_MAX),
    node: cut(who.node, TRAIL_NODE_BYTES_MAX),
  };
  const seal = (): Promise<Bytes> =>
    // To a key that is none nothing can be sealed; the cloud refuses the request.
    sealTrail(to, place, { ...said, checkpoint: newest() ?? NOTHING }).catch(() => NOTHING);
  let ahead = seal();
  return () => {
    const entry = ahead;
    ahead = seal();
    return entry;
  };
}

const NOTHING: Bytes = new Uint8Array(0);

/** As many whole characters of a text as fit. */
function cut(text: string, bytes: number): string {
  if (utf8(text).length <= bytes) return text;
  let kept = "";
  let size = 0;
  for (const character of text) {
    size += utf8(character).length;
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}
