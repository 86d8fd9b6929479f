/** What is said of a failure: what happened, what is safe, and what to do. */
export interface Said {
  readonly what: string;
  readonly safe: string;
  readonly next: string;
}
