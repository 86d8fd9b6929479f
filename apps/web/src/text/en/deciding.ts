/** Words that requests, sharing, the log, hospitals and proxies have in common. */
export const deciding = {
  own: "Yourself",
  /** In the middle of a sentence. */
  ownInside: "yourself",
  unknownSource: "A hospital that no certificate names",
  unknownReader: "Somebody whom no certificate names",
  keyOf: (key: string) => `key ${key}…`,
  suspended: "suspended",
  at: (organisation: string) => `at ${organisation}`,
  timeLeft: (span: string) => `${span} left`,
  spans: {
    minutes: (count: number) => (count === 1 ? "1 minute" : `${count} minutes`),
    hours: (count: number) => (count === 1 ? "1 hour" : `${count} hours`),
    days: (count: number) => (count === 1 ? "1 day" : `${count} days`),
  },
};
