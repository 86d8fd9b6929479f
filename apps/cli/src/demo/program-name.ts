/** What to type to run this program again: from a checkout it has no name of its own. */
export const SALUS: string =
  process.env.npm_lifecycle_event === undefined ? "salus" : "npm run -s salus --";
