import type { Line } from "../device/record/views.ts";
import type { Catalogue } from "../text/catalogue.ts";

/** What something is called on a patient's screen: as people say it, where only a code's own name is given. */
export function titleOf(
  { title, loinc, type = "" }: Pick<Line, "title" | "loinc"> & { readonly type?: string },
  { record, testNames }: Catalogue,
): string {
  return testNames[loinc] ?? (title === "" ? record.untitled(type) : title);
}
