import { assert } from "@salus/base";
export const x: string = String(assert);
