/** So many leaves a log has, one after the other. */
const LOG_SIZES = [1000, 10_000, 100_000, 1_000_000];
const PROOFS = ["inclusion", "consistency"].flatMap((proof) => [`${proof}`, `${proof}-bytes`]);
const ENDS = ["low", "high"];

/**
 * Which figures each benchmark gives, by the name of its file: so that one is found without measuring
 * all. A file that gives another one fails.
 */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  access: ["access-query-p50", "trail-seal-p50"],
  enumeration: ["start", "finish", "sign-up", "recovery"].flatMap((route) =>
    ENDS.map((end) => `enumeration-${route}-${end}`),
  ),
  "enumeration-discovery": ["look-up", "parcel", "identifier"].flatMap((route) =>
    ENDS.map((end) => `enumeration-${route}-${end}`),
  ),
  "gateway-search": [
    ...["sorted", "quantity", "name"].map((what) => `gateway-search-${what}-p50`),
    "gateway-everything-2000",
  ],
  grant: [
    "grant-100k-records",
    ...["1-1", "14-1", "1-5", "14-5"].map((what) => `grant-bytes-${what}`),
  ],
  import: ["import", "import-entries"],
  "import-synthea": ["import-synthea", "import-synthea-entries"],
  "index-build": ["index-build", "bytes-per-entry"],
  log: [
    ...LOG_SIZES.slice(1).map((size) => `log-append-${size}`),
    ...LOG_SIZES.flatMap((size) => PROOFS.map((what) => `log-${what}-${size}`)),
    "log-verify",
  ],
  "look-up": ["look-up-p50", "look-up-p99"],
  "ordered-encrypt": ["ordered-encrypt"],
  "ordered-encrypt-48": ["ordered-encrypt-48"],
  "ordered-encrypt-cold": ["ordered-encrypt-cold", "ordered-encrypt-cold-4"],
  "range-query": [
    ...["p50", "p99"].flatMap((share) =>
      ["", "-10000", "-100000"].map((size) => `range-query-${share}${size}`),
    ),
    "range-query-fetch-p50",
  ],
  "sealed-encrypt": ["sealed-encrypt"],
  "sealed-evaluate": ["sealed-evaluate", "sealed-evaluate-range"],
  "sign-in": ["sign-in-p50", "sign-in-p95"],
  sources: ["sources-1", "sources-100", "subtree"],
  web: ["script", "lcp-4x", "long-task-4x", "first-screen", "search", "timeline-frames"].map(
    (what) => `web-${what}`,
  ),
};

/** Every name. */
export const ALL: readonly string[] = Object.values(NAMES).flat();

/**
 * The names that a word means: the one that is so; or else all that begin so; or those of a file,
 * `import.ts`.
 */
export function meantBy(word: string): readonly string[] {
  if (ALL.includes(word)) return [word];
  const file = word.endsWith(".ts") ? NAMES[word.slice(0, -".ts".length)] : undefined;
  return file ?? ALL.filter((name) => name.startsWith(word));
}
