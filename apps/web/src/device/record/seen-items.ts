import { utf8 } from "@salus/base";
import type { Match, Registry } from "@salus/client";
import type { Description } from "@salus/health";
import { described } from "../described.ts";
import type { Open } from "../open.ts";
import { describedLine } from "./lines.ts";
import type { Line } from "./views.ts";

/** What is kept of a record that was seen, to be read without the network. */
export interface SeenItem {
  readonly at: number;
  readonly line: Line;
  readonly details: Description["details"];
  readonly codes: Description["codes"];
  readonly raw: string;
  readonly rawIsCut: boolean;
  readonly revision: number;
}

type Kept = Readonly<Record<string, SeenItem>>;

const FOLDER = "web/seen-items/";
/** Records of one screen, and those that were opened by themselves. */
const OPENED = "opened";
const OPENED_MAX = 200;
const RAW_MAX = 4_000;
const BYTES_MAX = 1_500_000;

/** Keep the records of a screen. What stood under its name before goes. */
export async function keepItems(
  open: Open,
  name: string,
  matches: readonly Match[],
  registry: Registry,
): Promise<void> {
  const items = matches.map((match) => seenItem(match, registry));
  await write(open, name, Object.fromEntries(items.map((item) => [item.line.handle, item])));
}

/** Keep a record that was opened by itself; those that were opened longest ago go. */
export async function keepItem(open: Open, match: Match, registry: Registry): Promise<void> {
  const item = seenItem(match, registry);
  const { [item.line.handle]: _, ...others } = await read(open, OPENED);
  const kept = [...Object.values(others), item].slice(-OPENED_MAX);
  await write(open, OPENED, Object.fromEntries(kept.map((one) => [one.line.handle, one])));
}

/** A record that was seen here, however that was. */
export async function seenItemOf(open: Open, handle: string): Promise<SeenItem | undefined> {
  for (const name of await open.store.list(FOLDER)) {
    const found = (await read(open, name.slice(FOLDER.length)))[handle];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** It was taken back, or said otherwise. */
export async function forgetItem(open: Open, handle: string): Promise<void> {
  for (const full of await open.store.list(FOLDER)) {
    const name = full.slice(FOLDER.length);
    const { [handle]: gone, ...others } = await read(open, name);
    if (gone !== undefined) await write(open, name, others);
  }
}

function seenItem(match: Match, registry: Registry): SeenItem {
  const said = described(match.resource);
  const { details, codes } = said;
  const raw = JSON.stringify(match.resource, null, 2);
  return {
    ...{ at: Date.now(), line: describedLine(match, said, registry), details, codes },
    ...{ raw: raw.slice(0, RAW_MAX), rawIsCut: raw.length > RAW_MAX, revision: match.revision },
  };
}

async function read(open: Open, name: string): Promise<Kept> {
  const stored = await open.store.read(FOLDER + name);
  if (!stored.ok || stored.value === undefined) return {};
  return JSON.parse(new TextDecoder().decode(stored.value)) as Kept;
}

async function write(open: Open, name: string, kept: Kept): Promise<void> {
  const bytes = utf8(JSON.stringify(kept));
  if (bytes.length <= BYTES_MAX) await open.store.write(FOLDER + name, bytes);
}
