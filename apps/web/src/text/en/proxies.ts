/** Words of people whom she trusts with everything. */
export const proxies = {
  lead: "Somebody close to you who may read everything, until a day that you name. Who else reads is decided by you alone.",
  waiting: "people you trust",
  none: "Nobody reads in your place",
  noneMore: "You can let a parent, a child or a carer read everything, for at most a year.",
  now: "Read everything now",
  over: "Over",
  add: "Trust somebody",
  addStart: "I have the text of a card",
  addLead:
    "That person opens “People I trust” in Salus on a device of their own, and sends you the text of the card that is shown there.",
  name: "What you call that person",
  nameHint: "Only this device knows it.",
  card: "Text of the card",
  number: "Number of this card",
  numberMore:
    "Compare it with the number on that person's screen, best by telephone. If it differs, it is somebody else's.",
  compared: "The numbers are the same",
  why: "Why",
  purposes: { FAMRQT: "Family", PWATRNY: "Power of attorney" },
  until: "Last day",
  untilHint: "At most 366 days ahead",
  what: (until: string) =>
    `Reads everything in your record, of every hospital, what is sensitive too, until ${until}. It signs nothing and lets nobody else in.`,
  addAnswer: "Let this person read everything",
  added: "That person can read now",
  stop: "Stop",
  stopTitle: "Stop this person from reading?",
  own: "Your own card",
  ownLead:
    "Somebody who wants you to read in their place needs this text, and compares the number with you.",
  ownStart: "Show my card",
  ownText: "Text of your card",
  ownWaiting: "your card",
};
