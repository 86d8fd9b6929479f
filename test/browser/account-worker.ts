import { Account, httpDirectory, memoryKeyStore, recover, SignUp, signIn } from "@salus/client";

// Runs in a module worker: signs up, signs in, and comes back, as a device of a person does.

addEventListener("message", ({ data: login, ports }: MessageEvent<string>) => {
  const [answer] = ports;
  flow(login).then(
    (value) => answer?.postMessage(value),
    (error: unknown) => answer?.postMessage([String(error)]),
  );
});

/** What came of each step. */
async function flow(login: string): Promise<readonly string[]> {
  const directory = httpDirectory(location.origin);
  const store = memoryKeyStore();
  const password = "correct horse battery staple";
  const begun = new SignUp({ login, password, roles: ["patient"] });
  const phrase = begun.phrase.words.join(" ");
  const made = await begun.finish({ directory, store }, phrase);
  const again = await signIn({ directory, store }, { login, password, role: "patient" });
  const wrong = await signIn({ directory, store }, { login, password: "no", role: "patient" });
  const opened = await Account.open({ directory, store });
  const elsewhere = { directory, store: memoryKeyStore() };
  const back = await recover(elsewhere, { login, phrase, newPassword: "new" });
  const results = [made, again, wrong, opened, back];
  return results.map((one) => (one.ok ? "ok" : one.error.kind));
}
