import type { Page } from "playwright-core";
import { expect } from "vitest";

// What somebody does who has no mouse: she sees where she is, and goes on from there.

/** What has the focus: what a screen reader calls it, and whether it can be seen that it has. */
interface Focus {
  readonly name: string;
  readonly isShown: boolean;
}

const TABS_MAX = 80;

/** Press Tab until what is called so has the focus. Whatever has it on the way must show that. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(focused);
    passed.push(focus.name);
    // Behind the last one comes the browser itself.
    if (focus.name === "") continue;
    expect(focus, `after ${passed.join(", ")}`).toMatchObject({ isShown: true });
    if (typeof name === "string" ? focus.name === name : name.test(focus.name)) return;
  }
  throw new Error(`nothing is called ${name} among ${passed.join(", ")}`);
}

/** Go there, and press Enter. */
export async function enterAt(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Enter");
}

/** Go to a field, and write into it. */
export async function writeAt(page: Page, name: string | RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

/** Runs in the page. */
function focused(): Focus {
  const element = document.activeElement as HTMLElement | null;
  if (element === null || element === document.body) return { name: "", isShown: true };
  const label = element.closest("label") ?? (element as HTMLInputElement).labels?.[0];
  const name = element.getAttribute("aria-label") ?? label?.textContent ?? element.textContent;
  // A box that is drawn stands for the one that the browser has.
  const drawn = element.closest("label");
  const boxes = [element, ...(drawn === null ? [] : [drawn, ...drawn.querySelectorAll("*")])];
  const isShown = boxes.some((box) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(box);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  });
  return { name: (name ?? "").trim(), isShown };
}
