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
  storedTitle: "What the cloud stores of it",
  envelope: (bytes: string) => `The sealed record, ${bytes}`,
  part: "Part",
  bytes: "Bytes",
  says: "What stands there",
  parts: {
    format: ["Format", "Which format this is, and whether it stands for something deleted."],
    vault: ["Vault", "Which vault it belongs to. Whose vault that is, stands nowhere here."],
    record: ["Record", "A number of its own, that says nothing of what it is about."],
    revision: ["Revision", "How often it was changed."],
    source: ["Source", "Who wrote it, as a number that is good for this vault only."],
    cell: ["Cell", "With which key it was sealed: one for each source and kind of data."],
    generation: ["Generation", "How often that key was changed."],
    policy: ["Rules", "By which edition of the rules its entries were made."],
    batch: ["Batch", "With what else it came in."],
    sealed: ["Sealed", "When it was sealed, not when anything happened."],
    size: ["Size", "How large it is, rounded up so that it says little."],
    salt: ["Salt", "Random bytes, new for each sealing: the same text never looks the same."],
    commitment: ["Commitment", "Binds it to its one key. It gives away nothing of either."],
    body: ["Body", "The record itself. Without the key it cannot be told from random bytes."],
    author: ["Author", "The key of who signed it."],
    signature: ["Signature", "Over all of the above: one changed bit, and your device refuses it."],
  },
  entries: (count: number) =>
    count === 1 ? "One entry by which it is found" : `${count} entries by which it is found`,
  entryKinds: {
    ordered: [
      "Order",
      "For a date or a value. The cloud can tell which of two comes first, and not what either is.",
    ],
    sealed: [
      "Sealed value",
      "For a value. Without a question from you it cannot even be compared with another.",
    ],
    tags: ["Keywords", "For codes and words. The same word looks different in every record."],
    unknown: ["Unknown", "An entry of a kind that this version does not know."],
  },
  rest: (bytes: string) => `… ${bytes} in all`,
  nothing: "Nothing went to the cloud for this: it was already here.",
  loading: "what the cloud saw",
};
