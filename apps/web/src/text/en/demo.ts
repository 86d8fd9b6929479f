export const demo = {
  title: "Choose whom to be",
  lead: "This is a demonstration with invented people. Whatever you do here is real encryption over invented records, and it is gone when the demonstration ends.",
  patient: "Her record from several hospitals. She decides who reads it.",
  practitioner: "Finds patients, asks them, and reads what they share.",
  administrator: "Keeps the hospital's staff and uploads its records. Sees no record of others.",
  be: (name: string) => `Be ${name}`,
  password: (password: string) => `To unlock after locking, everybody's password is “${password}”.`,
  people: "the people of the demonstration",
  notYet: "The people of the demonstration are still signing up, or this is not a demonstration.",
  signIn: "Sign in as somebody else",
};
