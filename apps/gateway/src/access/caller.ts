/** What is done to resources of a type: the letters of SMART's scopes, `cruds`. */
export type Doing = "create" | "read" | "update" | "delete" | "search";

/** Who asks, and what for. Every request has one; `may` is all that the rest of the gateway needs of it. */
export interface Caller {
  /** The registered client, or nothing for whoever holds the local token or works on this machine. */
  readonly client: string | undefined;
  /** Equal for callers who may see the same: what is kept for one, such as further pages, is given to no other. */
  readonly asker: string;
  /** Takes: `type` "*" for every type there is. */
  may(doing: Doing, type: string): boolean;
}

/** Whoever may do what the identity itself may. */
export const LOCAL: Caller = { client: undefined, asker: "", may: () => true };

/** Whoever asks for what everybody may know. */
export const NOBODY: Caller = { client: undefined, asker: "nobody", may: () => false };

declare module "fastify" {
  interface FastifyRequest {
    /** Set before any handler runs, except on routes that are `OPEN`. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Answers whoever asks: nothing behind it tells of anybody. */
    open?: boolean;
  }
}

/** The `config` of a route that needs no authentication: `/metadata` and what is well known. */
export const OPEN = { open: true } as const;
