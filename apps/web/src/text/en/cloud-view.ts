export const cloudView = {
  title: "What the cloud sees",
  question: (requests: number, sent: string, received: string) =>
    `${requests === 1 ? "One request" : `${requests} requests`}: ${sent} sent, ${received} received. These are the real bytes.`,
  gives: {
    query:
      "The cloud learns that this device asked something, in how many columns, how many records may match, and how large they are. It does not learn what was asked about, any value, or what the records say.",
    records:
      "The cloud learns which sealed records were fetched, and how large they are. It does not learn what is in them.",
    batches:
      "The cloud learns that a source wrote, how many records, and how large. It does not learn what they are about.",
    chain:
      "The cloud learns that the rights of a vault changed or were read: keys and handles, no names.",
    directory:
      "The directory learns that this account was at work. It keeps no record, and cannot connect the account with a vault.",
    other: "A service learns that it was asked, when, and how much.",
    stored:
      "This is all that the cloud has of this record: a sealed envelope, and the entries by which it is found. Equal values look different, and no key to either is there.",
  },
  probes: "The question, as the cloud has to read it",
  kind: "Looks for",
  kinds: { ordered: "a range, by order", sealed: "a range, sealed", tag: "a keyword" },
  where: "In column",
  low: "From",
  high: "To",
  moreProbes: (count: number) => `and ${count} more like these`,
  sent: "Sent",
  received: "Received",
  envelope: "The sealed record",
  entries: "The entries that find it",
  entry: (number: number) => `Entry ${number}`,
  rest: (bytes: string) => `… ${bytes} in all`,
  nothing: "Nothing went to the cloud for this: it was already here.",
  loading: "what the cloud saw",
};
