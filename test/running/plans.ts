import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, type Json, type JsonObject } from "../oracle/json.ts";
import { connect, serverFolder } from "./cloud.ts";

/** How the database reads one of its tables in one step of a plan. */
export interface TableRead {
  readonly node: string;
  readonly index: string | undefined;
  readonly condition: string;
  readonly filter: string | undefined;
  /** How often: once for each range. */
  readonly loops: number;
}

/**
 * Have the database write down how it executes each statement: its own plan, as it was run. Counts
 * for connections that are made later, so the cloud must be started again.
 */
export async function explainEverything(folder: string): Promise<void> {
  const client = await connect(folder);
  for (const setting of [
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_format = 'json'",
    "auto_explain.log_parameter_max_length = 0",
  ]) {
    await client.query(`alter role salus set ${setting}`);
  }
  await client.query("analyze");
  await client.end();
}

/** Reads the plans that were written since it was last asked. */
export class PlanLog {
  readonly #file: string;
  #from: number;

  constructor(folder: string) {
    this.#file = join(serverFolder(folder), "postgres.log");
    this.#from = statSync(this.#file).size;
  }

  /** Every read of a table since the last call. */
  take(table: string): TableRead[] {
    const text = readFileSync(this.#file).subarray(this.#from).toString("utf8");
    this.#from += Buffer.byteLength(text);
    const plans = [...text.matchAll(/plan:\n((?:\t.*\n)+)/g)].map((match) =>
      JSON.parse((match[1] as string).replaceAll(/^\t/gm, "")),
    );
    return plans.flatMap(({ Plan }) => readsOf(Plan, table));
  }
}

function readsOf(node: Json | undefined, table: string): TableRead[] {
  if (!isObject(node)) return [];
  const below = Array.isArray(node.Plans) ? (node.Plans as Json[]) : [];
  const deeper = below.flatMap((child) => readsOf(child, table));
  return node["Relation Name"] === table ? [readOf(node), ...deeper] : deeper;
}

const readOf = (node: JsonObject): TableRead => ({
  node: String(node["Node Type"]),
  index: node["Index Name"] === undefined ? undefined : String(node["Index Name"]),
  condition: String(node["Index Cond"] ?? ""),
  filter: node.Filter === undefined ? undefined : String(node.Filter),
  loops: Number(node["Actual Loops"]),
});
