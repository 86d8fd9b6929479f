import type { Page } from "playwright-core";
import { type Pattern, patternsOf } from "../canary/encodings.ts";
import { type Hit, joined, type Sweep, sweepBytes } from "../canary/scan.ts";

// Everything that a browser keeps of a site, looked through for what must not lie there.

/** Where a browser keeps something. */
const PLACES_KEPT = [
  ...(["indexed database", "cache", "local storage", "session storage", "cookies"] as const),
  ...(["address and history", "files of the site"] as const),
] as const;

type PlaceKept = (typeof PLACES_KEPT)[number];

/** Texts, in every encoding in which they could lie there. */
export function patternsFor(texts: readonly string[]): readonly Pattern[] {
  return texts.flatMap((text) => patternsOf(text, Buffer.from(text)));
}

/** Look through all that this browser keeps of the site. */
export async function sweepBrowser(page: Page, patterns: readonly Pattern[]): Promise<Sweep> {
  const kept = await page.evaluate(everythingKept);
  const cookies = JSON.stringify(await page.context().cookies());
  const places = { ...kept, cookies: [...(kept.cookies ?? []), btoa(cookies)] };
  const sweeps = Object.entries(places).map(([place, texts]) =>
    sweepBytes(Buffer.concat(texts.map((text) => Buffer.from(text, "base64"))), place, patterns),
  );
  return joined(sweeps);
}

/** Put a text in every place. Gives: the places. */
export async function plant(page: Page, control: string): Promise<readonly PlaceKept[]> {
  await page.evaluate(async (text) => {
    await new Promise<void>((resolve) => {
      const opening = indexedDB.open("control", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("control");
      opening.onsuccess = () => {
        const writing = opening.result.transaction("control", "readwrite");
        writing.objectStore("control").put({ deep: [new TextEncoder().encode(text)] }, 1);
        writing.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
    await (await caches.open("control")).put("/control", new Response(text));
    localStorage.setItem("control", text);
    sessionStorage.setItem("control", text);
    // biome-ignore lint/suspicious/noDocumentCookie: it is what an older program would do.
    document.cookie = `control=${text}`;
    history.replaceState({ text }, "");
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle("control", { create: true });
    const writing = await file.createWritable();
    await writing.write(text);
    await writing.close();
  }, control);
  return PLACES_KEPT;
}

/** Take it away again. */
export async function uproot(page: Page): Promise<void> {
  await page.evaluate(async () => {
    indexedDB.deleteDatabase("control");
    await caches.delete("control");
    localStorage.removeItem("control");
    sessionStorage.removeItem("control");
    // biome-ignore lint/suspicious/noDocumentCookie: as it was set.
    document.cookie = "control=; max-age=0";
    history.replaceState(null, "");
    await (await navigator.storage.getDirectory()).removeEntry("control");
  });
}

/** The places where something was found. */
export function placesOf(hits: readonly Hit[]): readonly string[] {
  return [...new Set(hits.map(({ place }) => place))].toSorted();
}

/** Runs in the page. Gives: for each place, what is there, as base64. */
async function everythingKept(): Promise<Record<string, readonly string[]>> {
  const encode = (bytes: Uint8Array): string => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return btoa(text);
  };
  const ofText = (text: string): string => encode(new TextEncoder().encode(`${text}\n`));
  const parts = (value: unknown): readonly string[] => {
    if (value instanceof ArrayBuffer) return [encode(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      return [encode(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))];
    }
    if (value === null || typeof value !== "object") return [ofText(String(value))];
    return Object.entries(value).flatMap(([name, one]) => [ofText(name), ...parts(one)]);
  };
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database: string[] = [];
  for (const { name = "" } of await indexedDB.databases()) {
    database.push(ofText(name));
    const opened = await done(indexedDB.open(name));
    for (const store of opened.objectStoreNames) {
      const all = opened.transaction(store).objectStore(store);
      database.push(ofText(store), ...parts(await done(all.getAllKeys())));
      database.push(...parts(await done(opened.transaction(store).objectStore(store).getAll())));
    }
    opened.close();
  }
  const cache: string[] = [];
  for (const name of await caches.keys()) {
    const opened = await caches.open(name);
    for (const request of await opened.keys()) {
      const response = await opened.match(request);
      cache.push(ofText(`${name} ${request.url}`), ofText((await response?.text()) ?? ""));
    }
  }
  const files: string[] = [];
  const look = async (folder: FileSystemDirectoryHandle): Promise<void> => {
    for await (const [name, handle] of folder as unknown as AsyncIterable<
      [string, FileSystemHandle]
    >) {
      files.push(ofText(name));
      if (handle.kind === "directory") await look(handle as FileSystemDirectoryHandle);
      else files.push(ofText(await (await (handle as FileSystemFileHandle).getFile()).text()));
    }
  };
  await look(await navigator.storage.getDirectory());
  const visited = (globalThis as unknown as { navigation: { entries(): { url: string }[] } })
    .navigation;
  const addresses = [
    ...[
      location.href,
      window.name,
      document.title,
      document.referrer,
      JSON.stringify(history.state),
    ],
    ...visited.entries().map(({ url }) => url),
    ...performance.getEntries().map((entry) => entry.name),
  ];
  return {
    ...{ "indexed database": database, cache, "files of the site": files },
    "local storage": parts({ ...localStorage }),
    "session storage": parts({ ...sessionStorage }),
    cookies: [ofText(document.cookie)],
    "address and history": addresses.map(ofText),
  };
}
