/**
 * What a passphrase costs to guess: 64 MiB and three passes, the second choice of RFC 9106 §4,
 * about a quarter of a second here. A home that asks for less is refused, so that nobody who can
 * write its file makes guessing cheaper.
 */
export interface PassphraseCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

export const COST_FLOOR: PassphraseCost = { memoryKiB: 65_536, passes: 3 };
export const SALT_BYTES = 16;

/** A file could ask for so much memory that the process dies: this is as far as it may go. */
export const COST_CEILING: PassphraseCost = { memoryKiB: 1_048_576, passes: 16 };
