import type { Answered, Asker } from "@salus/testkit/asker";

/** What has begun under a path, and goes on by the same key. */
export interface Begun {
  readonly path: string;
  post(below: string, message: object): Promise<Answered>;
}

export function begunAt(asker: Asker, path: string): Begun {
  return { path, post: (below, message) => asker.post(`${path}${below}`, message) };
}
