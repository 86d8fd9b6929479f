import type { Page } from "playwright-core";
import { askPatient, type DecidingWorld, goTo, physicianCalled } from "./deciding-world.ts";
import { visit } from "./flow-world.ts";
import { disturbances, shownOn } from "./hostile-record.ts";
import { numberOf, packed } from "./hostile-strings.ts";
import { HOSTILE_NAME } from "./hostile-texts.ts";
import { orShown } from "./or-shown.ts";

/** What was found wrong, by where. */
type Faults = Record<string, readonly string[]>;

const CHAPTERS = [
  ...["problems", "medications", "allergies", "laboratory", "vitals", "immunizations"],
  ...["procedures", "imaging", "documents", "visits", "plans", "messages", "other"],
].map((name) => `/record/${name}`);
const HERS = ["/", "/record", "/timeline", "/export/summary", "/sources", "/sharing", "/log"];
const PARTS = [
  ...["", "/allergies", "/problems", "/medications", "/labs", "/vitals", "/documents", "/visits"],
  ...["/procedures", "/vaccinations"],
];

const PHONE = { width: 390, height: 844 };
/** Every allergy stands on every screen of a chart, and so does every string. */
const ALL = 1000;
/** Lists show their first pages. */
const MOST = 950;

/** Go wherever a hospital's words are shown to a patient. */
export async function whereHospitalsSpeak(patient: Page): Promise<Faults> {
  const tour = new Tour(patient);
  await patient.setViewportSize(PHONE);
  for (const place of [...HERS, ...CHAPTERS]) {
    await visit(patient, place);
    await tour.look(place);
    const line = patient.locator(".salus-line a").first();
    if (!place.startsWith("/record/") || (await line.count()) === 0) continue;
    await line.click();
    await patient.waitForURL("**/item/*");
    await patient.locator(".salus-facts").first().waitFor();
    await tour.look(`an item of ${place}`);
  }
  return tour.end("patient", MOST);
}

/** Go wherever they are shown to whom she lets read. */
export async function whereTheyAreRead(doctor: Page): Promise<Faults> {
  const tour = new Tour(doctor);
  await doctor.setViewportSize(PHONE);
  await visit(doctor, "/patients");
  await doctor.getByRole("link", { name: /h0h|Patient with e-mail/ }).click();
  await doctor.locator(".salus-banner").waitFor();
  const chart = new URL(doctor.url()).pathname;
  for (const part of PARTS) {
    await visit(doctor, `${chart}${part}`);
    await doctor.locator(".salus-entry, .salus-cell").first().click();
    await doctor.getByRole("dialog").waitFor();
    await tour.look(`the chart's ${part}`);
    await doctor.keyboard.press("Escape");
  }
  return tour.end("practitioner", ALL);
}

/** What was found on the way from screen to screen, and what was shown. */
class Tour {
  readonly #page: Page;
  readonly #faults: Faults = {};
  readonly #shown = new Set<string>();

  constructor(page: Page) {
    this.#page = page;
  }

  async look(place: string): Promise<void> {
    const found = await disturbances(this.#page);
    if (found.length > 0) this.#faults[place] = found;
    for (const one of await shownOn(this.#page)) this.#shown.add(one);
  }

  end(who: string, least: number): Faults {
    const { size } = this.#shown;
    return size < least
      ? { ...this.#faults, [who]: [`${size} of ${ALL} were shown`] }
      : this.#faults;
  }
}

/** What a note may have. */
const NOTE_BYTES = 1024;
const MONTH_MS = 4 * 7 * 86_400_000;

/** Let a physician with a hostile name ask for a hostile patient's all, with notes that are no better. */
export async function hostileRequests(page: Page, world: DecidingWorld): Promise<Faults> {
  const faults: Faults = {};
  const odd = await physicianCalled(world, "dr-odd", HOSTILE_NAME);
  // The same end for all: the sentence says it.
  const expires = Date.now() + MONTH_MS;
  const harmless = "Before the operation";
  const asked = [{ ...(await askPatient(world, odd, { note: harmless, expires })), of: harmless }];
  for (let at = 0; at < ALL; ) {
    const [note, next] = packed(at, NOTE_BYTES);
    asked.push({ ...(await askPatient(world, odd, { note, expires })), of: numberOf(at) });
    at = next;
  }
  let calm: readonly string[] | undefined;
  for (const [nth, { id, of }] of asked.entries()) {
    // One after the other: what each note is known by tells that the one before has gone.
    await goTo(page, `/requests/${id}`);
    await orShown(page, page.locator("blockquote").filter({ hasText: of }).waitFor());
    await page.locator(".salus-sentence").first().waitFor();
    const outline = await outlineOf(page);
    calm ??= outline;
    const moved = outline.filter((box, at) => box !== calm?.[at]);
    const found = [...(await disturbances(page)), ...moved, ...(await coverOf(page))];
    if (outline.length < 20) found.push("little of ours was there");
    if (found.length > 0) faults[`note ${nth}`] = found;
  }
  return faults;
}

/** Our own words and buttons in their order, where they stand from side to side, and the sentence. */
function outlineOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const ours = "h1, h2, h3, .salus-sentence, .salus-label, .salus-page .salus-button, dt";
    return [...document.querySelectorAll<HTMLElement>(ours)].map((element) => {
      const { x, width, height } = element.getBoundingClientRect();
      return [element.innerText, x, width, height].join("|");
    });
  });
}

/** What lies over the buttons that answer. */
function coverOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const name of ["Yes, sign this", "No"]) {
      const buttons = [...document.querySelectorAll("main button")];
      const button = buttons.find(({ textContent }) => textContent === name);
      button?.scrollIntoView({ block: "center" });
      const { x = 0, y = 0, width = 0, height = 0 } = button?.getBoundingClientRect() ?? {};
      const at = document.elementFromPoint(x + width / 2, y + height / 2);
      if (button === undefined || !button.contains(at)) found.push(`“${name}” is covered`);
    }
    return found;
  });
}
