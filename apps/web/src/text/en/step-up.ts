/** Words of what is asked before something final. */
export const stepUp = {
  title: "Show that it is you",
  lead: "This is final, so you are asked once more. It then counts for five minutes.",
  how: "How",
  ways: { password: "Password", code: "Authenticator app", passkey: "Passkey" },
  password: "Password",
  code: "Code that the app shows",
  continue: "Continue",
  usePasskey: "Use the passkey",
};
