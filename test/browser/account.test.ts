import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { type Loopback, openPage } from "./chromium.ts";

// Goal: a browser's worker signs up, signs in and comes back as Node does.
// Method: Debian's Chromium under the content security policy of the web app, against the real
// directory, reached below the page's own origin.

let directory: TestDirectory;
let loopback: Loopback;

beforeAll(async () => {
  directory = await startTestDirectory();
  loopback = await openPage("account-worker.ts", directory.url);
});

afterAll(async () => {
  await loopback.close();
  await directory.stop();
});

it("a worker in Chromium has an account", async () => {
  const outcomes = await loopback.page.evaluate(inPage, "ada@example.org");
  expect(outcomes).toEqual(["ok", "ok", "sign-in-refused", "ok", "ok"]);
});

/** Runs in the page: nothing of this module is in scope there. */
async function inPage(login: string): Promise<readonly string[]> {
  const worker = new Worker("/worker.js", { type: "module" });
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<readonly string[]>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<readonly string[]>) => resolve(data);
  });
  worker.postMessage(login, [port2]);
  return answered;
}
