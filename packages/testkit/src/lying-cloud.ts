import { ok } from "@salus/base";
import type { Cloud } from "@salus/client";

type Route = keyof Cloud;
type AnswerOf<R extends Route> = Extract<
  Awaited<ReturnType<Cloud[R]>>,
  { readonly ok: true }
>["value"];

/** What a cloud says instead of the truth, by route: told the true answer and what was asked. */
export type Lies = {
  readonly [R in Route]?: (answer: AnswerOf<R>, ...asked: Parameters<Cloud[R]>) => AnswerOf<R>;
};

/** A cloud that lies about some of its answers, and is honest in everything else. */
export function lyingCloud(honest: Cloud, lies: Lies): Cloud {
  const lying = { ...honest } as Record<Route, (...asked: never[]) => Promise<unknown>>;
  for (const route of Object.keys(lies) as Route[]) {
    const lie = lies[route] as ((answer: unknown, ...asked: unknown[]) => unknown) | undefined;
    const ask = honest[route] as (...asked: unknown[]) => ReturnType<Cloud["about"]>;
    lying[route] = async (...asked: unknown[]) => {
      const answer = await ask(...asked);
      return answer.ok && lie !== undefined ? ok(lie(answer.value, ...asked)) : answer;
    };
  }
  return lying as unknown as Cloud;
}

/** The same bytes but for one bit. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const changed = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8) % changed.length;
  changed[at] = (changed[at] as number) ^ (1 << (bit % 8));
  return changed;
}
