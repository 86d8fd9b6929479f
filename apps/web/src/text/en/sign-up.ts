/** Making an account, and coming back to one. */
export const signUp = {
  title: "Make an account",
  lead: "Three steps: a password, a page to print, and a second factor.",
  name: "What you are called",
  nameHint: "It stays on this device.",
  login: "What you sign in with",
  loginHint: "An e-mail address, for example. We do not write to it.",
  renameHint: "Write it on the page that you printed: its words and its secret stay the same.",
  password: "Password",
  passwordHint:
    "At least 12 characters. Three or four words that have nothing to do with you are good.",
  passwordAgain: "Password again",
  short: "At least 12 characters.",
  differ: "The two are not the same.",
  index: "How your record is searched",
  indexLead: "The cloud finds records that it cannot read. This cannot be changed later.",
  policies: {
    balanced: {
      label: "Fast, as most people have it",
      hint: "The cloud can tell which of two sealed dates or values comes first, and guess from that. Of sensitive records it cannot.",
    },
    "sealed-only": {
      label: "Without any order",
      hint: "The cloud can tell this of no record until you search. Searching takes longer.",
    },
  },
  submit: "Continue",
  kitTitle: "Print this page",
  kitLead:
    "It is the only way back when everything else is lost. Nobody can make another one, and it is not shown again. Keep it where you keep your passport.",
  kitOf: "Recovery kit of",
  phrase: "Recovery phrase: 24 words, in this order",
  phraseUse: "It opens your account when you have lost your password or all devices.",
  secret: "Device secret",
  secretUse: "It is asked for, together with your password, on a new device.",
  print: "Print",
  printed: "I have printed or written it down",
  confirmTitle: "Show that you have it",
  confirmLead: "Type these words from your page.",
  word: (place: number) => `Word ${place}`,
  whole: "Type all 24 words instead",
  some: "Type only the asked words",
  showAgain: "Show the page again",
  finish: "Make my account",
  haveOne: "I have an account",
};

export const recover = {
  title: "Come back with your phrase",
  lead: "The 24 words open your account by themselves. You choose a new password, then add a new second factor. All sessions end.",
  phrase: "Your 24 words",
  phraseHint: "In the order in which they stand on your page, with a space between them.",
  newPassword: "New password",
  remove: "Take all my other devices out",
  removeHint: "If they were stolen. What they had read stays with them.",
  submit: "Come back",
};
