declare const brand: unique symbol;

/** `Base`, told apart by the compiler, free at run time, minted only where `Name` is owned. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Bytes over an ordinary buffer: what every platform API here takes and gives. */
export type Bytes = Uint8Array<ArrayBuffer>;
