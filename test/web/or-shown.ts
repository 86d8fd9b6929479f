import type { Page } from "playwright-core";

const SHOWN_MAX = 600;
/** A page that is busy is given so long to say what it shows. */
const READ_MS = 5_000;

/** Wait for something on a screen; in vain, it is said what stood there instead. */
export async function orShown<T>(page: Page, waiting: Promise<T>): Promise<T> {
  try {
    return await waiting;
  } catch (error) {
    const text = await page.innerText("body", { timeout: READ_MS }).catch(() => "cannot be read");
    const shown = text.replaceAll(/\s+/g, " ").slice(0, SHOWN_MAX);
    throw new Error(`${String(error)}\n${page.url()} shows: ${shown}`, { cause: error });
  }
}
