import { fail, fromHex, ok, type Result } from "@salus/base";
import type { Choice, Narrowing } from "@salus/client";
import type { Category } from "@salus/health";
import { SourceHandle } from "@salus/protocol";
import type { WebError } from "../problem.ts";

/** How a request or an access is narrowed. What is left out stays as it is. */
export interface Chosen {
  /** Handles, in hexadecimal. */
  readonly sources?: readonly string[];
  readonly categories?: readonly Category[];
  readonly period?: { readonly from: number; readonly to: number };
  readonly until?: number;
}

type Narrowed = Pick<Choice & Narrowing, "sources" | "categories" | "period" | "expires">;

/** Read what the page has chosen. Fails: `bad-input`. */
export function readChosen({
  sources,
  categories,
  period,
  until,
}: Chosen): Result<Narrowed, WebError> {
  const handles: SourceHandle[] = [];
  for (const hex of sources ?? []) {
    const bytes = fromHex(hex);
    const handle = bytes.ok ? SourceHandle.parse(bytes.value) : bytes;
    if (!handle.ok) return fail({ kind: "bad-input", what: "source" });
    handles.push(handle.value);
  }
  if (period !== undefined && period.to < period.from) {
    return fail({ kind: "bad-input", what: "period" });
  }
  return ok({
    ...(sources !== undefined && { sources: handles }),
    ...(categories !== undefined && { categories }),
    ...(period !== undefined && { period: [period.from, period.to] as const }),
    ...(until !== undefined && { expires: until }),
  });
}
