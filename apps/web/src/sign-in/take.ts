import type { Entered } from "../device/account/entered.ts";

/** Takes what came of a step of signing in. */
export type Take = (entered: Entered) => void;
