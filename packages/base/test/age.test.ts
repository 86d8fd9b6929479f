import { isYoung } from "@salus/base";
import { expect, it } from "vitest";

// Goal: what is remembered is believed for as long as was said, also on a machine whose clock is put right.

it("is young until its life is over, and not before it began", () => {
  const now = Date.now();
  expect(isYoung(now, 1, now)).toBe(true);
  expect(isYoung(now - 999, 1000, now)).toBe(true);
  expect(isYoung(now - 1000, 1000, now)).toBe(false);
  expect(isYoung(now + 1, 1000, now)).toBe(false);
  expect(isYoung(now, 0, now)).toBe(false);
  expect(isYoung(now + 360_000, 0, now)).toBe(false);
});
