import type { Resource } from "@salus/client";
import type { Page } from "playwright-core";
import { HOSTILE_STRINGS, numberOf, packed } from "./hostile-strings.ts";

// What a hospital writes that wants to disturb whoever reads it, and what it could have done to a page.

const TITLE_BYTES = 390;
const DETAIL_BYTES = 1900;
/** So many, and what is said of each kind of record has been every string at least once. */
const OF_EACH = 34;

/** Writes texts one after the other, so that each field gets others than the one beside it. */
class Pen {
  #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  title(): string {
    return this.#take(TITLE_BYTES);
  }

  detail(): string {
    return this.#take(DETAIL_BYTES);
  }

  #take(bytes: number): string {
    const [text, next] = packed(this.#at, bytes);
    this.#at = next;
    return text;
  }
}

type Fields = Readonly<Record<string, unknown>>;
type Written = (pen: Pen, day: string) => Fields;

const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
const SUBJECT = { reference: "Patient/p" };

const observed = (category: string, pen: Pen, day: string): Fields => ({
  ...{ status: "final", subject: SUBJECT, effectiveDateTime: day },
  category: [{ coding: [{ system: CATEGORY, code: category }], text: pen.title() }],
  code: { text: pen.title() },
  note: [{ text: pen.detail() }],
  performer: [{ display: pen.detail() }],
});

/** One of each type that a screen shows, with a text of somebody else in every field that it shows. */
const TYPES: Readonly<Record<string, Written>> = {
  Condition: (pen, day) => ({
    ...{ subject: SUBJECT, onsetDateTime: day, code: { text: pen.title() } },
    ...{ severity: { text: pen.detail() }, bodySite: [{ text: pen.detail() }] },
    ...{ note: [{ text: pen.detail() }], recorder: { display: pen.detail() } },
    verificationStatus: { text: pen.detail() },
  }),
  AllergyIntolerance: (pen, day) => ({
    ...{ patient: SUBJECT, recordedDate: day, code: { text: pen.title() } },
    reaction: [{ manifestation: [{ text: pen.detail() }] }],
    note: [{ text: pen.detail() }],
  }),
  MedicationRequest: (pen, day) => ({
    ...{ status: "active", intent: "order", subject: SUBJECT, authoredOn: day },
    medicationCodeableConcept: { text: pen.title() },
    dosageInstruction: [{ text: pen.detail() }],
    ...{ reasonCode: [{ text: pen.detail() }], requester: { display: pen.detail() } },
  }),
  Observation: (pen, day) => ({
    ...observed("laboratory", pen, day),
    valueString: pen.title(),
    method: { text: pen.detail() },
    interpretation: [{ coding: [{ code: pen.title() }] }],
  }),
  "Observation of a panel": (pen, day) => ({
    ...observed("vital-signs", pen, day),
    component: [1, 2].map((value) => ({
      code: { text: pen.title() },
      valueQuantity: { value, unit: pen.title() },
    })),
  }),
  DocumentReference: (pen, day) => ({
    ...{ status: "current", subject: SUBJECT, date: day, description: pen.title() },
    ...{ type: { text: pen.title() }, author: [{ display: pen.detail() }] },
    content: [{ attachment: { contentType: pen.detail(), data: btoa("x"), title: pen.title() } }],
  }),
  DiagnosticReport: (pen, day) => ({
    ...{ status: "final", subject: SUBJECT, effectiveDateTime: day, code: { text: pen.title() } },
    ...{ conclusion: pen.detail(), performer: [{ display: pen.detail() }] },
  }),
  Encounter: (pen, day) => ({
    ...{ status: "finished", subject: SUBJECT, period: { start: day } },
    ...{ type: [{ text: pen.title() }], class: { code: "AMB", display: pen.detail() } },
    ...{
      reasonCode: [{ text: pen.detail() }],
      location: [{ location: { display: pen.detail() } }],
    },
    participant: [{ individual: { display: pen.detail() } }],
  }),
  Procedure: (pen, day) => ({
    ...{ status: "completed", subject: SUBJECT, performedDateTime: day },
    ...{ code: { text: pen.title() }, bodySite: [{ text: pen.detail() }] },
    ...{ performer: [{ actor: { display: pen.detail() } }], note: [{ text: pen.detail() }] },
  }),
  Immunization: (pen, day) => ({
    ...{ status: "completed", patient: SUBJECT, occurrenceDateTime: day },
    ...{
      vaccineCode: { text: pen.title() },
      lotNumber: pen.detail(),
      site: { text: pen.detail() },
    },
  }),
  CarePlan: (pen, day) => ({
    ...{ status: "active", intent: "plan", subject: SUBJECT, period: { start: day } },
    ...{ title: pen.title(), note: [{ text: pen.detail() }] },
  }),
  Communication: (pen, day) => ({
    ...{ status: "completed", subject: SUBJECT, sent: day, topic: { text: pen.title() } },
    ...{ payload: [{ contentString: pen.detail() }], sender: { display: pen.detail() } },
  }),
  ImagingStudy: (pen, day) => ({
    ...{ status: "available", subject: SUBJECT, started: day, description: pen.title() },
    note: [{ text: pen.detail() }],
  }),
};

/** Records of every type that is shown, and who she is said to be. */
export function hostileRecords(): readonly Resource[] {
  const records: Resource[] = [];
  for (const [at, [name, write]] of Object.entries(TYPES).entries()) {
    const [resourceType = ""] = name.split(" ");
    const pen = new Pen(at * 80);
    for (let nth = 0; nth < OF_EACH; nth += 1) {
      const day = new Date(Date.UTC(2026, 4, 1 + nth)).toISOString();
      records.push({ resourceType, id: `${at}-${nth}`, ...write(pen, day) });
    }
  }
  const pen = new Pen(0);
  const name = [{ text: pen.title() }];
  return [...records, { resourceType: "Patient", id: "p", name, gender: pen.title() }];
}

/** The numbers of the strings that stand on the page. */
export async function shownOn(page: Page): Promise<ReadonlySet<string>> {
  const text = (await page.textContent("body")) ?? "";
  const numbers = new Set(text.match(/h\d+h/g));
  return new Set(HOSTILE_STRINGS.map((_, at) => numberOf(at)).filter((one) => numbers.has(one)));
}

/** What somebody's words have done to the page: nothing, if it is well. */
export function disturbances(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if ("pwned" in globalThis) found.push("a script ran");
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide on ${clientWidth}`);
    const strange =
      "iframe, object, embed, base, math, audio, form[action], meta[http-equiv], h1 *";
    for (const { tagName } of document.body.querySelectorAll(strange)) found.push(tagName);
    for (const { tagName, attributes } of document.body.querySelectorAll("*")) {
      for (const { name, value } of attributes) {
        if (name.startsWith("on")) found.push(`${tagName} has ${name}`);
        if (name === "srcdoc") found.push(`${tagName} has ${name}`);
        const leads = name === "href" || name === "src" || name === "action";
        if (leads && !/^(?:[/#]|blob:)/.test(value)) found.push(`${tagName} leads to ${value}`);
      }
    }
    const outer = document.querySelector("main")?.getBoundingClientRect();
    for (const button of document.querySelectorAll("main button, main a, main h2")) {
      const { left, right, width } = button.getBoundingClientRect();
      const frame = button.closest(".salus-table-frame");
      if (frame !== null || width === 0 || outer === undefined) continue;
      if (left < outer.left - 1 || right > outer.right + 1) {
        found.push(`${button.tagName} leaves the page: ${button.textContent?.slice(0, 40)}`);
      }
    }
    return [...new Set(found)];
  });
}
