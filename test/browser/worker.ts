import { formats } from "../../packages/crypto/test/checks/all.ts";
import { type Parcel, pack, unpack } from "./parcel.ts";

// Runs in a module worker, where the vault's keys live: no page, no DOM.

/** What the page may ask. Each question is answered once, by its number. */
export type Question =
  | { readonly kind: "check" }
  | { readonly kind: "pack" }
  | { readonly kind: "unpack"; readonly parcel: Parcel };

/** What the checks of every format came to. */
export interface Verdicts {
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

addEventListener("message", ({ data, ports }: MessageEvent<Question>) => {
  const [answer] = ports;
  reply(data).then(
    (value) => answer?.postMessage({ value }),
    (error: unknown) => answer?.postMessage({ error: String(error) }),
  );
});

async function reply(question: Question): Promise<unknown> {
  switch (question.kind) {
    case "check":
      return check();
    case "pack":
      return pack();
    case "unpack":
      return unpack(question.parcel);
  }
}

async function check(): Promise<Verdicts> {
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  for (const [format, checks] of formats) {
    counts[format] = checks.length;
    for (const { name, run } of checks) {
      try {
        await run();
      } catch (error) {
        failures.push(`${name}: ${String(error)}`);
      }
    }
  }
  return { counts, failures };
}
