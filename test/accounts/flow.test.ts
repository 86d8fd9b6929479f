import {
  Account,
  httpCloud,
  memoryKeyStore,
  openVault,
  Reader,
  recover,
  SignUp,
  signIn,
} from "@salus/client";
import { type CloudProcess, must, startCloudProcess } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { Authenticator, connect, kindOf, onNewDevice, PASSWORD, signUp } from "./person.ts";

// Goal: a person signs up, comes in from a second device, takes devices out, and comes back when she
// has lost everything but her phrase; her vault follows.
// Method: the real directory and cloud, over HTTP.

let running: TestDirectory;
let cloud: CloudProcess;

beforeAll(async () => {
  [running, cloud] = await Promise.all([startTestDirectory(), startCloudProcess()]);
}, 120_000);

afterAll(async () => {
  await Promise.all([running.stop(), cloud.stop()]);
});

const options = (): Parameters<typeof openVault>[1] => ({ cloud: httpCloud(cloud.url) });

describe("a sign-up", () => {
  it("needs the phrase, as it was shown", async () => {
    const directory = connect(running.url);
    const begun = new SignUp({ login: "a@b.c", password: PASSWORD, roles: ["patient"] });
    const other = new SignUp({ login: "a@b.c", password: PASSWORD, roles: ["patient"] });
    const store = memoryKeyStore();
    const typed = other.phrase.words.join(" ");
    expect(kindOf(await begun.finish({ directory, store }, typed))).toBe("phrase-unconfirmed");
    expect(await store.list("")).toEqual([]);
  });

  it("takes a login once", async () => {
    const directory = connect(running.url);
    const first = await signUp(directory);
    const begun = new SignUp({ login: first.login, password: PASSWORD, roles: ["patient"] });
    const store = memoryKeyStore();
    const again = await begun.finish({ directory, store }, begun.phrase.words.join(" "));
    expect(again).toMatchObject({ ok: false, error: { problem: "login-taken" } });
    expect(kindOf(await Account.open({ directory, store }))).toBe("no-account");
    const renamed = begun.renamed(`another-${first.login}`);
    expect(renamed.deviceSecret).toBe(begun.deviceSecret);
    must(await renamed.finish({ directory, store }, begun.phrase.words.join(" ")));
  });
});

describe("a second device", () => {
  it("is let in by the device secret, and reads and grants in her vault", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    const first = must(await openVault(ada.account, options()));
    const { deviceSecret } = ada;
    const { store, signedIn } = await onNewDevice(directory, ada, {
      second: app.second,
      deviceSecret,
    });
    const account = must(signedIn);
    expect(account.isUnlocked).toBe(true);
    expect(must(await ada.account.devices.list()).length).toBe(2);
    const second = must(await openVault(account, options()));
    expect(second.vault).toEqual(first.vault);
    const card = account.identity("practitioner").card;
    const order = {
      grantee: card,
      sources: "all",
      categories: "all",
      expires: Date.now() + 1e6,
    } as const;
    must(await second.grant(order));
    must(await first.sync());
    expect(first.grants().length).toBe(1);
    const reader = must(await Reader.open({ cloud: httpCloud(cloud.url), store }));
    expect(must(await reader.vaults())).toEqual([first.vault]);
  });

  it("is let in by another device that sees its card, and by no other card", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    const bob = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    const { signedIn } = await onNewDevice(directory, ada, { second: app.second });
    const account = must(signedIn);
    expect(account.isUnlocked).toBe(false);
    expect(kindOf(await openVault(account, options()))).toBe("locked");
    expect(kindOf(await bob.account.devices.approve(account.card()))).toBe("wrong-account");
    expect(kindOf(await ada.account.devices.approve("salus:device:AAAA"))).toBe("bad-card");
    must(await ada.account.devices.approve(account.card()));
    must(await ada.account.devices.approve(account.card()));
    must(await account.sync());
    expect(account.isUnlocked).toBe(true);
    expect(account.deviceSecret?.text).toBe(ada.deviceSecret.text);
    must(await openVault(account, options()));
  });

  it("that was taken out opens nothing more, and every cell has a successor", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    must(await openVault(ada.account, options()));
    const { deviceSecret } = ada;
    const { store, signedIn } = await onNewDevice(directory, ada, {
      second: app.second,
      deviceSecret,
    });
    const stolen = must(signedIn);
    const old = must(await openVault(stolen, options()));
    const { account: hospital } = await signUp(directory, { roles: ["practitioner"] });
    must(await old.admit(hospital.identity("practitioner").card, ["laboratory"]));
    const { id } = stolen.held;
    must(await ada.account.devices.remove(id));
    expect(await stolen.sync()).toMatchObject({ error: { problem: "session-ended" } });
    const { login } = ada;
    const again = { login, password: PASSWORD, role: "patient", second: app.second } as const;
    expect(kindOf(await signIn({ directory, store }, again))).toBe("device-removed");
    const patient = must(await openVault(ada.account, options()));
    expect(patient.sources().map(({ categories }) => categories)).toEqual([["laboratory"]]);
    expect(await old.sync()).toMatchObject({ ok: false, error: { problem: "no-such-vault" } });
    expect(kindOf(await Account.open({ directory, store }))).toBe("ok");
    // Settling again changes nothing.
    const { seq } = must(await patient.sync());
    expect(must(await must(await openVault(ada.account, options())).sync()).seq).toBe(seq);
  });
});

describe("a recovery", () => {
  it("needs the phrase alone, and leads back into the vault", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    await Authenticator.addTo(ada.account);
    const before = must(await openVault(ada.account, options()));
    const store = memoryKeyStore();
    const back = must(
      await recover(
        { directory, store },
        { login: ada.login, phrase: ada.phrase, newPassword: "another", removeDevices: true },
      ),
    );
    expect(back.isUnlocked).toBe(true);
    const patient = must(await openVault(back, options()));
    expect(patient.vault).toEqual(before.vault);
    expect(kindOf(await ada.account.sync())).not.toBe("ok");
    expect(await before.sync()).toMatchObject({ ok: false, error: { problem: "no-such-vault" } });
    const { login } = ada;
    const old = await signIn(
      { directory, store: memoryKeyStore() },
      { login, password: PASSWORD, role: "patient" },
    );
    expect(kindOf(old)).toBe("sign-in-refused");
    const again = await signIn(
      { directory, store },
      { login, password: "another", role: "patient" },
    );
    expect(kindOf(again)).toBe("ok");
  });
});

describe("a new password", () => {
  it("takes the place of the old one, also for unlocking", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    const { deviceSecret, login } = ada;
    const app = await Authenticator.addTo(ada.account);
    must(await ada.account.unlocks.changePassword("another"));
    const { signedIn: old } = await onNewDevice(directory, ada, { second: app.second });
    expect(kindOf(old)).toBe("sign-in-refused");
    const { signedIn } = await onNewDevice(directory, ada, {
      ...{ second: app.second, deviceSecret, password: "another" },
    });
    expect(must(signedIn).isUnlocked).toBe(true);
    // The first device goes on, and steps up by the new one.
    const { store } = ada;
    must(await signIn({ directory, store }, { login, password: "another", role: "patient" }));
    expect(kindOf(await ada.account.sync())).toBe("ok");
  });
});

describe("sessions", () => {
  it("are listed, ended, and need a step-up for what is final", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    const { store, login } = ada;
    const account = must(
      await signIn({ directory, store }, { login, password: PASSWORD, role: "patient" }),
    );
    const sessions = must(await account.sessions.list());
    expect(sessions.map(({ current }) => current)).toEqual([true, false]);
    const [own] = must(await ada.account.devices.list());
    expect(sessions[1]?.key).toEqual(own?.sign);
    running.clock.ahead = 400_000;
    expect(await account.sessions.signOutEverywhere()).toMatchObject({
      ok: false,
      error: { problem: "step-up" },
    });
    expect(kindOf(await account.sessions.stepUp({ password: "wrong" }))).toBe("sign-in-refused");
    must(await account.sessions.stepUp({ password: PASSWORD }));
    must(await account.sessions.signOutEverywhere());
    running.clock.ahead = 0;
    expect(kindOf(await account.sync())).toBe("signed-out");
    expect(await ada.account.sync()).toMatchObject({ error: { problem: "session-ended" } });
  });
});

describe("without a network", () => {
  it("a device is open as it was", async () => {
    const directory = connect(running.url);
    const ada = await signUp(directory);
    const nowhere = connect("http://127.0.0.1:9");
    const account = must(await Account.open({ directory: nowhere, store: ada.store }));
    expect(account.isUnlocked).toBe(true);
    expect(account.identity("vault").card.sign).toEqual(ada.account.identity("vault").card.sign);
  });
});
