// Keeps the application in the browser: it starts without the network, and takes what other programs share. It knows no
// key, keeps no answer of a service, and looks into no request that is one.

import { SharedDocuments } from "./shared-documents.ts";
import { Shell, type ShellFile } from "./shell.ts";

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build. */
declare const SALUS_VERSION: string;
declare const SHELL: readonly ShellFile[];

const shell = new Shell(SALUS_VERSION, SHELL);
const documents = new SharedDocuments();

self.addEventListener("install", (event) => {
  event.waitUntil(shell.keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(shell.begin().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== self.location.origin) return;
  const answer = documents.isShared(request) ? documents.take(request) : shell.answer(request);
  if (answer !== undefined) event.respondWith(answer);
});

self.addEventListener("message", (event) => {
  const { kind } = (event.data ?? {}) as { readonly kind?: unknown };
  // Whoever works with the older version has agreed to load the newer one.
  if (kind === "begin") event.waitUntil(self.skipWaiting());
  if (kind === "documents") event.ports[0]?.postMessage(documents.give());
});
