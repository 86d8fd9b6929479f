import type { Category } from "@salus/health";
import { careOf } from "../deciding/time-left.ts";
import type { Wanted } from "../device/practice/requests.ts";

/** How much is asked for. */
export type Breadth = "ordinary" | "some" | "all";

/** A request as it stands in the form. */
export interface RequestForm {
  readonly purpose: string;
  readonly breadth: Breadth;
  readonly categories: readonly Category[];
  /** Organisation nodes; empty with `everywhere`. */
  readonly sources: readonly string[];
  readonly everywhere: boolean;
  readonly days: string;
  readonly hasPeriod: boolean;
  readonly from: string;
  readonly to: string;
  readonly note: string;
}

export const SENSITIVE: readonly Category[] = [
  "mental-health",
  "sexual-health",
  "genetics",
  "substance-use",
];

const DAY_MS = 86_400_000;
const ANSWER_DAYS = 14;
/** What a note may have, as bytes. */
const NOTE_BYTES_MAX = 1024;

export const EMPTY: RequestForm = {
  purpose: "TREAT",
  breadth: "ordinary",
  categories: [],
  sources: [],
  everywhere: true,
  days: "30",
  hasPeriod: false,
  from: "",
  to: "",
  note: "",
};

/** What practitioners ask for most. */
export const PRESETS: Readonly<
  Record<"visit" | "operation" | "laboratory" | "all", Partial<RequestForm>>
> = {
  visit: {
    breadth: "some",
    categories: ["allergies", "conditions", "medications", "laboratory", "vitals", "encounters"],
    days: "30",
  },
  operation: {
    breadth: "some",
    categories: ["allergies", "conditions", "medications", "laboratory", "procedures"],
    days: "30",
  },
  laboratory: { breadth: "some", categories: ["laboratory", "vitals"], days: "7" },
  all: { breadth: "ordinary", days: "90" },
};

/** What keeps a form from being sent. */
export type FormFault = "nothingChosen" | "noHospital" | "badPeriod" | "tooLong";

export function faultOf(form: RequestForm): FormFault | undefined {
  if (form.breadth === "some" && form.categories.length === 0) return "nothingChosen";
  if (!form.everywhere && form.sources.length === 0) return "noHospital";
  if (form.hasPeriod && careOf(form.from, form.to) === undefined) return "badPeriod";
  if (new TextEncoder().encode(form.note).length > NOTE_BYTES_MAX) return "tooLong";
  return undefined;
}

/** The categories that a form asks for. Takes: `all`, every category that there is. */
export function chosenCategories(
  form: RequestForm,
  all: readonly Category[],
): readonly Category[] | "all" {
  if (form.breadth === "all") return "all";
  if (form.breadth === "some") return form.categories;
  return all.filter((category) => !SENSITIVE.includes(category));
}

/** What is sent. The period is whole days of care. */
export function wantedOf(form: RequestForm, all: readonly Category[], now: number): Wanted {
  const period = form.hasPeriod ? careOf(form.from, form.to) : undefined;
  return {
    purpose: form.purpose,
    categories: chosenCategories(form, all),
    sources: form.everywhere ? "all" : form.sources,
    expires: now + Number(form.days) * DAY_MS,
    period: period && [period.from, period.to],
    answerBy: now + Math.min(ANSWER_DAYS, Number(form.days)) * DAY_MS,
    note: form.note,
  };
}
