import { ok, type Result } from "@salus/base";
import type { Cloud, Directory } from "@salus/client";

type Asked = (...asked: never[]) => Promise<Result<unknown, unknown>>;
type AnswerOf<Route> = Route extends (...asked: never[]) => Promise<infer Answer>
  ? Extract<Answer, { readonly ok: true }> extends { readonly value: infer Value }
    ? Value
    : never
  : never;
type AskedOf<Route> = Route extends (...asked: infer Asked) => unknown ? Asked : never;

/** What a service says instead of the truth, by route: told the true answer and what was asked. */
type LiesOf<Port> = {
  readonly [R in keyof Port]?: (
    answer: AnswerOf<Port[R]>,
    ...asked: AskedOf<Port[R]>
  ) => AnswerOf<Port[R]>;
};

export type Lies = LiesOf<Cloud>;
export type DirectoryLies = LiesOf<Directory>;

/** A cloud that lies about some of its answers, and is honest in everything else. */
export function lyingCloud(honest: Cloud, lies: Lies): Cloud {
  return lying(honest, lies);
}

/** A directory that lies about some of its answers, and is honest in everything else. */
export function lyingDirectory(honest: Directory, lies: DirectoryLies): Directory {
  return lying(honest, lies);
}

function lying<Port extends object>(honest: Port, lies: LiesOf<Port>): Port {
  const told = { ...honest } as Record<string, Asked>;
  for (const [route, lie] of Object.entries(lies)) {
    const ask = told[route] as (...asked: unknown[]) => ReturnType<Asked>;
    const say = lie as (answer: unknown, ...asked: unknown[]) => unknown;
    told[route] = async (...asked: unknown[]) => {
      const answer = await ask(...asked);
      return answer.ok ? ok(say(answer.value, ...asked)) : answer;
    };
  }
  return told as unknown as Port;
}

/** The same bytes but for one bit. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const changed = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8) % changed.length;
  changed[at] = (changed[at] as number) ^ (1 << (bit % 8));
  return changed;
}
