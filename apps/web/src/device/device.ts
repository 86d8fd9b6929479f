import { account } from "./account/account.ts";

/**
 * Everything that the page may ask: it holds the keys, and the page gets views.
 *
 * Every function gives a `Result` whose values are plain; a failure is a `Problem`.
 */
export const device = { account };

export type Device = typeof device;
