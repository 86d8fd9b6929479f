/** Words of requests: what waits, and the one that is being decided. */
export const requests = {
  lead: "Somebody asks to read part of your record. Nobody reads anything until you say yes.",
  waiting: "requests",
  none: "No request waits for you",
  noneMore: "When somebody asks to read your record, it stands here. You need not do anything.",
  asksFor: (count: number) => (count === 1 ? "1 kind of record" : `${count} kinds of records`),
  asksAll: "your whole record",
  askedWhen: "Asked",
  answerBy: "Answer by",
  lookUps: "Who looked for you",
  lookUpsLead: "Finding you gives nobody anything to read.",
  lookedBy: "by",
  nobodyShown: "Somebody who does not prove who it was",
  notShown: "What is not shown",
  notShownLead: (count: number) =>
    count === 1
      ? "Something came that does not prove who sent it, or is not for you. It stays closed."
      : `${count} things came that do not prove who sent them, or are not for you. They stay closed.`,
  notShownRow: "Closed, because",
  drop: "Throw away",
  back: "All requests",
  title: "A request to read your record",
  who: "Who asks",
  name: "Name",
  worksAt: "Works at",
  registration: "Registration number",
  noRegistration: "None on the certificate",
  foundBy: "Found you by",
  ownCode: "your own code",
  kinds: {
    phone: "your phone number",
    email: "your e-mail address",
    "health-number": "your health number",
    "record-number": "your number at a hospital",
  } as Readonly<Record<string, string>>,
  checked: "What this device has checked",
  checks: {
    certified: (date: string) =>
      `The name, the registration and the workplace are on certificates that lead to the health registry, good until ${date}.`,
    attested: (count: number) =>
      count === 1
        ? "An authority that this application trusts has confirmed it within the last week."
        : `${count} authorities that this application trusts have confirmed it within the last week.`,
    standing: "Nobody on that path is suspended.",
    signed: "The request is signed with the key of that certificate, and was written to you.",
    devices: (count: number) =>
      count === 1
        ? "One device would read, and its certificate says whose it is."
        : `${count} devices would read, and their certificates say whose they are.`,
  },
  unchecked: "Whether that is true nobody can check for you.",
  why: "Why",
  purpose: "It is for",
  purposeEnd: ".",
  noteOf: "Written by whoever asks, not by Salus",
  noNote: "Nothing was written.",
  what: "What you let them read",
  whatLead: "Everything can be made less. Nothing can be added.",
  categories: "Which kinds of records",
  allAsked: "Everything was asked for. What is sensitive is left out unless you add it.",
  unknownCategories: (count: number) =>
    `${count} more were named that this application does not know. They are not given.`,
  sources: "From which hospitals",
  otherSources: "Also named, but nothing of yours:",
  care: "From which time of care",
  careAsked: "As it was asked:",
  careAny: "any time",
  careBetween: "Only between two days",
  careFrom: "First day",
  careTo: "Last day",
  end: "Until when",
  ends: {
    day: "For one day",
    week: "For one week",
    month: "For 30 days",
    asked: (when: string) => `As asked: until ${when}`,
    other: "Until a day that I choose",
  },
  endDay: "Last day",
  sign: "What you sign",
  signLead: "This is read back from the very bytes that you sign.",
  sentence: <T>(p: {
    readonly who: T;
    readonly what: T;
    readonly where: T;
    readonly care: T;
    readonly why: T;
    readonly until: T;
  }) => [
    "You let ",
    p.who,
    " read ",
    p.what,
    " from ",
    p.where,
    ", ",
    p.care,
    ", for ",
    p.why,
    ", until ",
    p.until,
    ". What these hospitals add in that time is included.",
  ],
  careSentenceAny: "about care at any time",
  careSentence: (from: string, to: string) => `about care from ${from} to ${to}`,
  nothingLeft: "Nothing is left of it",
  nothingLeftMore: "Choose at least one kind of record and one hospital, or say no.",
  perSource: "From each hospital",
  bytes: "The bytes that are signed",
  bytesLead: (grants: number) =>
    grants === 1
      ? "One permission, exactly as your key signs it:"
      : `${grants} permissions, one for each hospital and device and for searching across them, exactly as your key signs them:`,
  bytesDevices: "Keys that will read",
  bytesRequest: "Fingerprint of the request that this answers",
  note: "A word back",
  noteHint: "Optional. Only whoever asked reads it.",
  approve: "Yes, sign this",
  deny: "No",
  denyTitle: "Say no?",
  denyMore: "Nobody but whoever asked learns of it, and nothing of your record is touched.",
  denyAnswer: "Say no",
  approved: "You said yes",
  approvedMore: "What you signed is in force. You can change or stop it at any time.",
  denied: "You said no",
  deniedMore: "Nothing of your record was given.",
  notPosted: "The answer could not be sent yet. It is sent the next time you open your requests.",
  toSharing: "Who can read my record",
};
