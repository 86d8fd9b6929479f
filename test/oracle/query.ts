/** One parameter of a search: any of the alternatives must hold. */
export interface Condition {
  readonly name: string;
  readonly modifier: string;
  readonly alternatives: readonly string[];
}

export interface Search {
  readonly type: string;
  readonly conditions: readonly Condition[];
  readonly sort: readonly { readonly name: string; readonly descending: boolean }[];
  readonly count: number | undefined;
}

/** Split at an unescaped character; the escapes of other characters stay for the next split. */
export const splitAt = (text: string, mark: "," | "$"): string[] =>
  text.split(mark === "," ? /(?<!\\),/ : /(?<!\\)\$/);

/** Undo the escapes of FHIR R4 §3.1.1.4.0. Only the last reader of a value may do so. */
export const unescaped = (text: string): string => text.replace(/\\([\\|$,])/g, "$1");

/** Read `Type?name:modifier=a,b&_sort=-x,y&_count=n`, percent-encoded as in a URL. */
export function parse(text: string): Search {
  const [type = "", query = ""] = text.split("?");
  const conditions: Condition[] = [];
  let sort: Search["sort"] = [];
  let count: number | undefined;
  for (const pair of query === "" ? [] : query.split("&")) {
    const middle = pair.indexOf("=");
    const [name = "", modifier = ""] = decodeURIComponent(pair.slice(0, middle)).split(":");
    const value = decodeURIComponent(pair.slice(middle + 1).replaceAll("+", " "));
    if (name === "_sort") sort = value.split(",").map(sortKey);
    else if (name === "_count") count = Number(value);
    else conditions.push({ name, modifier, alternatives: splitAt(value, ",") });
  }
  return { type, conditions, sort, count };
}

const sortKey = (text: string): Search["sort"][number] =>
  text.startsWith("-")
    ? { name: text.slice(1), descending: true }
    : { name: text, descending: false };
