import {
  Account,
  type Directory,
  memoryKeyStore,
  NewPhrase,
  recover,
  type SecondFactor,
} from "@salus/client";
import type { FactorKind, SecondProof } from "@salus/protocol";
import { must } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { awaitMessages, codeIn, mobile, TO_OUTBOX } from "../../apps/directory/test/telephone.ts";
import {
  Authenticator,
  connect,
  kindOf,
  onNewDevice,
  PASSWORD,
  type SignedUp,
  signUp,
} from "./person.ts";

// Goal: what is lost leads to exactly the outcome that spec/accounts.md §7 documents, whatever else
// is lost with it.
// Method: all 64 combinations of what a person may still have, each tried in earnest against a real
// directory; the outcomes are computed from the table once more, in words of their own.

const THINGS = ["password", "secret", "device", "authenticator", "phone", "phrase"] as const;
type Thing = (typeof THINGS)[number];
type Outcome = "unlocked" | "recovered" | "second-factor" | "locked" | "lost";
type Kept = ReadonlySet<Thing>;

const COMBINATIONS: readonly Kept[] = Array.from(
  { length: 2 ** THINGS.length },
  (_, bits) => new Set(THINGS.filter((_, at) => (bits >> at) & 1)),
);

/** The table of spec/accounts.md §7, row by row. */
function documented(kept: Kept): Outcome {
  const second = kept.has("authenticator") || kept.has("phone");
  if (kept.has("device")) return "unlocked";
  if (kept.has("phrase")) return "recovered";
  if (kept.has("password") && kept.has("secret")) return second ? "unlocked" : "second-factor";
  return kept.has("password") && second ? "locked" : "lost";
}

const NUMBER = mobile(7);
/** Codes go to a number at most once in a minute, and a code of the authenticator is good once. */
const BETWEEN_MS = 61_000;

let running: TestDirectory;
let directory: Directory;
/** Who signs in, and who comes back: coming back takes all second factors away. */
let ada: SignedUp;
let eve: SignedUp;
let app: Authenticator;
/** A phrase that was replaced. */
let seen: string;

beforeAll(async () => {
  running = await startTestDirectory(undefined, { sms: TO_OUTBOX });
  directory = connect(running.url);
  [ada, eve] = [await signUp(directory), await signUp(directory)];
  app = await Authenticator.addTo(ada.account, running.now);
  // What eve has on paper is her second phrase: the first was seen by somebody.
  const { phrase, ...rest } = eve;
  seen = phrase;
  const paper = new NewPhrase(eve.account);
  expect(kindOf(await paper.finish(seen))).toBe("phrase-unconfirmed");
  must(await paper.finish(paper.phrase.words.join(" ")));
  const ways = must(await eve.account.unlocks.list());
  expect(ways.map(({ kind }) => kind)).toEqual(["password", "phrase"]);
  eve = { ...rest, phrase: paper.phrase.words.join(" ") };
  must(await ada.account.factors.startPhone(NUMBER));
  must(await ada.account.factors.finishPhone(await newestCode(1)));
});

afterAll(() => running.stop());

let codes = 1;

async function newestCode(count: number): Promise<string> {
  const messages = await awaitMessages(running, NUMBER, count);
  return codeIn(messages.at(-1) as (typeof messages)[number]);
}

/** Shows what she still has, and nothing else. */
function second(kept: Kept): SecondFactor {
  return async ({ factors, again, sendCode }): Promise<SecondProof | undefined> => {
    const has = (kind: FactorKind, thing: Thing): boolean =>
      factors.includes(kind) && kept.has(thing);
    if (again) return undefined;
    if (has("totp", "authenticator")) return { kind: "totp", code: await app.code() };
    if (!has("sms", "phone")) return undefined;
    must(await sendCode());
    codes += 1;
    return { kind: "sms", code: await newestCode(codes) };
  };
}

/** Try everything that she could, in the order of the table. */
async function outcomeOf(kept: Kept): Promise<Outcome> {
  if (kept.has("device")) return onHerDevice();
  if (kept.has("phrase")) return comeBack();
  const { signedIn } = await onNewDevice(directory, ada, {
    password: kept.has("password") ? PASSWORD : "a guess",
    second: second(kept),
    ...(kept.has("secret") && { deviceSecret: ada.deviceSecret }),
  });
  if (signedIn.ok) return signedIn.value.isUnlocked ? "unlocked" : "locked";
  const isWaiting = signedIn.error.kind === "second-factor" && kept.has("secret");
  if (isWaiting) return "second-factor";
  expect(["sign-in-refused", "second-factor"]).toContain(signedIn.error.kind);
  return "lost";
}

/** Nobody is asked: her device opens by itself. */
async function onHerDevice(): Promise<Outcome> {
  const nowhere = connect("http://127.0.0.1:9");
  const account = must(await Account.open({ directory: nowhere, store: ada.store }));
  return account.isUnlocked ? "unlocked" : "lost";
}

function comeBackWith(phrase: string): ReturnType<typeof recover> {
  const { login } = eve;
  return recover({ directory, store: memoryKeyStore() }, { login, phrase, newPassword: "new" });
}

async function comeBack(): Promise<Outcome> {
  const back = await comeBackWith(eve.phrase);
  expect(kindOf(back)).toBe("ok");
  const account = must(back);
  // What she had is there: the same account, and the same vault.
  expect(account.handle).toEqual(eve.account.handle);
  expect(account.vault).toEqual(eve.account.vault);
  return account.isUnlocked ? "recovered" : "lost";
}

describe("of password, device secret, device, authenticator, phone and phrase,", () => {
  it.each(COMBINATIONS.map((kept) => [[...kept].join(", ") || "nothing", kept] as const))(
    "who has %s",
    async (_, kept) => {
      running.clock.ahead += BETWEEN_MS;
      expect(await outcomeOf(kept)).toBe(documented(kept));
    },
  );

  it("a phrase that was replaced counts as lost", async () => {
    const { login } = eve;
    const back = { login, phrase: seen, newPassword: "theirs" };
    const found = await recover({ directory, store: memoryKeyStore() }, back);
    expect(kindOf(found)).toBe("sign-in-refused");
    // Nor is it among what her newest root is sealed to.
    expect(eve.account.held.roots).toHaveLength(2);
  });

  it("every outcome comes up", () => {
    const outcomes = COMBINATIONS.map(documented);
    const count = (wanted: Outcome): number => outcomes.filter((one) => one === wanted).length;
    expect({
      unlocked: count("unlocked"),
      recovered: count("recovered"),
      secondFactor: count("second-factor"),
      locked: count("locked"),
      lost: count("lost"),
    }).toEqual({ unlocked: 35, recovered: 16, secondFactor: 1, locked: 3, lost: 9 });
  });
});
