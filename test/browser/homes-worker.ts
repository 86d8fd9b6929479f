import { fromHex, toHex } from "@salus/base";
import { BrowserHome, type HomePasskey, type HomeUnlock, listHomes } from "@salus/client/browser";

// Runs in a module worker: makes and opens homes, for a page that asks for one thing after the other.

/** What the page may ask. A home is the one that was made or opened last. */
export type Wish =
  | { readonly do: "create"; readonly password: string; readonly shared?: boolean }
  | { readonly do: "open"; readonly id: string; readonly unlock: HomeUnlock }
  | { readonly do: "admit" | "close" | "destroy" }
  | { readonly do: "list"; readonly laterMs?: number }
  | { readonly do: "read" | "remove" | "names"; readonly name: string }
  | { readonly do: "write"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly do: "password"; readonly password: string }
  | { readonly do: "passkey"; readonly passkey: HomePasskey }
  | { readonly do: "no passkey"; readonly credential: string };

let home: BrowserHome | undefined;

addEventListener("message", ({ data, ports }: MessageEvent<string>) => {
  const [answer] = ports;
  fulfil(JSON.parse(data, revived) as Wish).then(
    (value) => answer?.postMessage(JSON.stringify({ value: value ?? null }, plain)),
    (error: unknown) => answer?.postMessage(JSON.stringify({ error: String(error) })),
  );
});

async function fulfil(wish: Wish): Promise<unknown> {
  switch (wish.do) {
    case "create":
      home = await BrowserHome.create({ label: "mine", shared: false, ...wish });
      return home.id;
    case "open": {
      const opened = await BrowserHome.open(wish.id, wish.unlock);
      if (!opened.ok) return opened.error.kind;
      home = opened.value;
      return "open";
    }
    case "list":
      return listHomes(Date.now() + (wish.laterMs ?? 0));
    default:
      if (home === undefined) throw new Error("no home is open");
      return inHome(home, wish);
  }
}

async function inHome(
  home: BrowserHome,
  wish: Exclude<Wish, { readonly do: "create" | "open" | "list" }>,
): Promise<unknown> {
  switch (wish.do) {
    case "admit":
      return home.admit();
    case "close":
      return home.close();
    case "destroy":
      return home.destroy();
    case "read":
      return home.store.read(wish.name);
    case "remove":
      return home.store.remove(wish.name);
    case "names":
      return home.store.list(wish.name);
    case "write":
      return home.store.write(wish.name, wish.bytes);
    case "password":
      return home.replacePassword(wish.password);
    case "passkey":
      return home.addPasskey(wish.passkey);
    case "no passkey":
      return home.removePasskey(wish.credential);
  }
}

function plain(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: toHex(value) } : value;
}

function revived(_: string, value: unknown): unknown {
  const hex = (value as { hex?: string } | null)?.hex;
  if (typeof hex !== "string") return value;
  const bytes = fromHex(hex);
  return bytes.ok ? bytes.value : value;
}
