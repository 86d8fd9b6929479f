import type { Result } from "@salus/base";
import type { PhoneNumber } from "./phone-number.ts";

/**
 * Why a text message was not taken.
 *
 * `busy` and `unreachable` pass by themselves. `refused`: never to this number. `unconfigured`: the
 * carrier does not know us, which the operator can change.
 */
export type CarrierError =
  | { readonly kind: "busy"; readonly waitMs: number }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused" }
  | { readonly kind: "unconfigured" };

/** Who brings text messages to telephones. */
export interface Carrier {
  /**
   * Hand a message over, once.
   *
   * Leaks:   to the carrier, and to whoever reads along with it, the number and the text: that
   *          somebody with this telephone uses Salus, and the code.
   * Fails:   any `CarrierError`, within seconds.
   */
  send(number: PhoneNumber, text: string): Promise<Result<void, CarrierError>>;
}

/** How long a carrier may take before it counts as unreachable, unless told otherwise. */
export const CARRIER_TIMEOUT_MS = 10_000;
