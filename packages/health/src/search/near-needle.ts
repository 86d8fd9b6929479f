import { fail, ok } from "@salus/base";
import { parseDecimal } from "../canonical/decimal.ts";
import { canonicalUnit } from "../canonical/unit.ts";
import { isObject } from "../policy/path.ts";
import { UCUM } from "../systems.ts";
import type { ReadNeedle } from "./needle.ts";
import { splitEscaped, unescaped } from "./query-text.ts";

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Near is within so much, where a search does not say; R4 leaves it to the server. */
const DISTANCE_DEFAULT_M = 50_000;
/** Mean radius of the earth: distances on a sphere are right within half a percent. */
const EARTH_M = 6_371_008.8;
const LENGTH = "m1";

/** Read `latitude|longitude|distance|unit`; kilometres where no unit is said. It has no index. */
export const readNear: ReadNeedle = (text) => {
  const parts = splitEscaped(text, "|").map(unescaped);
  const [latitude = "", longitude = "", distance = "", unit = ""] = parts;
  if (parts.length < 2 || parts.length > 4) return fail("bad-value");
  const from = placeOf(parseDecimal(latitude)?.value, parseDecimal(longitude)?.value);
  if (from === undefined) return fail("bad-value");
  const most = distance === "" ? DISTANCE_DEFAULT_M : metres(distance, unit);
  if (most === undefined) return fail("bad-unit");
  return ok({
    matches: (values) =>
      values.some((value) => {
        const to = isObject(value) ? placeOf(value.latitude, value.longitude) : undefined;
        return to !== undefined && distanceM(from, to) <= most;
      }),
    questions: [],
  });
};

function placeOf(latitude: unknown, longitude: unknown): Place | undefined {
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
    ? { latitude, longitude }
    : undefined;
}

function metres(distance: string, unit: string): number | undefined {
  const value = parseDecimal(distance)?.value;
  const length = canonicalUnit(UCUM, unit === "" ? "km" : unit === "mi" ? "[mi_i]" : unit);
  if (value === undefined || value < 0 || length?.dimension !== LENGTH) return undefined;
  return value * length.factor;
}

/** Great-circle distance, by haversines, which stay exact where places are near. */
function distanceM(a: Place, b: Place): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const haversine = (angle: number): number => Math.sin(angle / 2) ** 2;
  const [from, to] = [radians(a.latitude), radians(b.latitude)];
  const across = Math.cos(from) * Math.cos(to) * haversine(radians(b.longitude - a.longitude));
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(haversine(to - from) + across)));
}
