import type { Page } from "playwright-core";
import { expect } from "vitest";
import { Authenticator } from "../accounts/person.ts";
import { orShown } from "./or-shown.ts";

// What somebody does on the screens of signing up, in and out: as people do it, by what they read.

/** What is written on the printed page, and in the authenticator app. */
export interface Kit {
  readonly words: readonly string[];
  readonly secret: string;
  readonly app: Authenticator;
}

export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).filter({ visible: true }).first().click();
}

export async function type(page: Page, label: string | RegExp, text: string): Promise<void> {
  const exact = typeof label === "string" ? { exact: true } : {};
  await page.getByLabel(label, exact).filter({ visible: true }).first().fill(text);
}

export async function heading(page: Page, name: string): Promise<void> {
  await orShown(page, page.getByRole("heading", { name, exact: true }).waitFor());
}

/**
 * Sign up as a patient, from the page where everybody comes in.
 *
 * Takes:   `choose`, what else she does on the first page.
 */
export async function signUp(
  page: Page,
  login: string,
  password: string,
  choose: () => Promise<void> = async () => {},
): Promise<Kit> {
  await page.getByRole("link", { name: "Make an account" }).click();
  await type(page, "What you are called", "Ann Lind");
  await type(page, "What you sign in with", login);
  await type(page, "Password", password);
  await type(page, "Password again", password);
  await choose();
  await press(page, "Continue");
  await heading(page, "Print this page");
  const words = await page.locator(".salus-words li").allTextContents();
  const secret = (await page.locator(".salus-secret").textContent()) ?? "";
  await page.getByText("I have printed or written it down").click();
  await press(page, "Continue");
  await heading(page, "Show that you have it");
  await typeWords(page, words.toReversed());
  await press(page, "Make my account");
  await page.getByText("Those are not the words of your phrase.").waitFor();
  await typeWords(page, words);
  await press(page, "Make my account");
  return { words, secret, app: await addApp(page) };
}

/** Type the words that are asked for. */
export async function typeWords(page: Page, words: readonly string[]): Promise<void> {
  for (const field of await page.getByLabel(/^Word \d+/).all()) {
    const place = await field.evaluate((input) =>
      (input as HTMLInputElement).labels?.[0]?.textContent?.replace(/\D/g, ""),
    );
    await field.fill(words[Number(place) - 1] ?? "");
  }
}

/** Add an authenticator app, where a second factor is asked for. Ends signed in. */
export async function addApp(page: Page): Promise<Authenticator> {
  await heading(page, "Add a second factor");
  await press(page, "Show the code to scan");
  const app = new Authenticator(await page.getByLabel("The same as text").inputValue());
  await type(page, /^The six digits/, await app.code());
  await press(page, "Continue");
  await isIn(page);
  // Not where she signed up, which is no place for somebody who is in.
  expect(new URL(page.url()).pathname).toBe("/");
  return app;
}

/** Wait for the frame of somebody who is signed in. */
export async function isIn(page: Page): Promise<void> {
  await orShown(page, page.locator("[data-signed-in]").waitFor());
}

/** Show login and password in a browser that keeps nothing. */
export async function signIn(
  page: Page,
  { login, password, secret = "" }: { login: string; password: string; secret?: string },
): Promise<void> {
  await type(page, "E-mail address or name you signed up with", login);
  await type(page, "Password", password);
  await type(page, "Device secret from your printed kit", secret);
  await press(page, "Sign in");
}

export async function lock(page: Page): Promise<void> {
  await press(page, "Lock");
  await heading(page, "Welcome back");
}

export async function unlock(page: Page, password: string): Promise<void> {
  await type(page, "Password", password);
  await press(page, "Unlock");
}

/** Go to where an account is protected. */
export async function security(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Security and devices" }).first().click();
  await heading(page, "Second factors");
}

/** How many rows a list of that page has. */
export function rows(page: Page, list: string): Promise<number> {
  return page.getByRole("list", { name: list, exact: true }).getByRole("listitem").count();
}
