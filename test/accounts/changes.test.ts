import { fail, ok } from "@salus/base";
import {
  ChainCache,
  type Cloud,
  type Directory,
  httpCloud,
  type KeyStore,
  type Match,
  memoryKeyStore,
  openOwnSource,
  openVault,
  ownSources,
  type Patient,
  Reader,
  recover,
  signIn,
} from "@salus/client";
import { drawDevice, drawKey, KemPair, Signer } from "@salus/crypto";
import type { Device } from "@salus/protocol";
import { type CloudProcess, must, pressure, startCloudProcess } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { awaitMessages, codeIn, mobile, TO_OUTBOX } from "../../apps/directory/test/telephone.ts";
import { Authenticator, connect, kindOf, onNewDevice, PASSWORD, signUp } from "./person.ts";

// Goal: a change of an account happens whole or not at all, whoever else changes it and wherever it
// is cut off; what a person changes of herself holds from then on.

let running: TestDirectory;
let server: CloudProcess;
let directory: Directory;
let cloud: Cloud;

beforeAll(async () => {
  [running, server] = await Promise.all([
    startTestDirectory(undefined, { sms: TO_OUTBOX }),
    startCloudProcess(),
  ]);
  directory = connect(running.url);
  cloud = httpCloud(server.url);
}, 120_000);

afterAll(async () => {
  await Promise.all([running.stop(), server.stop()]);
});

function newDevice(): Device {
  const pair = new KemPair(drawKey("kem-seed"), 1);
  return { id: drawDevice(), sign: new Signer(drawKey("sign-seed")).key, ...pair.public };
}

describe("a change", () => {
  it("that another device made first is built again", async () => {
    const { account } = await signUp(directory);
    const changes = Array.from({ length: 4 }, () => {
      const device = newDevice();
      return account.change((draft) => {
        draft.addDevice(device);
        return ok(undefined);
      });
    });
    expect((await Promise.all(changes)).map(kindOf)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(must(await account.devices.list()).length).toBe(5);
  });

  it("whose answer is lost has happened once", async () => {
    const ada = await signUp(directory);
    const device = newDevice();
    const lost: Directory = {
      ...directory,
      appendAccount: async (...asked) => {
        must(await directory.appendAccount(...asked));
        return fail({ kind: "unreachable" });
      },
    };
    const { store, login } = ada;
    const again = { login, password: PASSWORD, role: "patient" } as const;
    const cut = must(await signIn({ directory: lost, store }, again));
    const approved = await cut.change((draft) => {
      draft.addDevice(device);
      return ok(undefined);
    });
    expect(kindOf(approved)).toBe("unreachable");
    expect(must(await ada.account.devices.list()).length).toBe(2);
  });
});

describe("a device's way into the vault", () => {
  it("is gone on with from wherever it was cut off", async () => {
    const ada = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    const { vault } = must(await openVault(ada.account, { cloud }));
    const { signedIn, store } = await onNewDevice(directory, ada, {
      ...{ second: app.second, deviceSecret: ada.deviceSecret },
    });
    const account = must(signedIn);
    // The cloud stops answering after one append more each time.
    for (let appends = 0; ; appends += 1) {
      let left = appends;
      const cut: Cloud = {
        ...cloud,
        appendChain: async (...asked) => {
          left -= 1;
          return left < 0 ? fail({ kind: "unreachable" }) : cloud.appendChain(...asked);
        },
      };
      const opened = await openVault(account, { cloud: cut });
      if (opened.ok) break;
      expect(opened.error.kind).toBe("unreachable");
      expect(appends).toBeLessThan(5);
    }
    const reader = must(await Reader.open({ cloud, store }));
    expect(must(await reader.vaults())).toEqual([vault]);
  });

  it("waits until the device knows the newest root", async () => {
    const ada = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    const first = must(await openVault(ada.account, { cloud }));
    const { signedIn } = await onNewDevice(directory, ada, {
      ...{ second: app.second, deviceSecret: ada.deviceSecret },
    });
    const account = must(signedIn);
    must(await account.unlocks.changePassword("another"));
    // Who opened a session by the old password opens another one.
    expect(await ada.account.sync()).toMatchObject({ error: { problem: "session-ended" } });
    const { login, store } = ada;
    const back = { login, password: "another", role: "patient" } as const;
    const onFirst = must(await signIn({ directory, store }, back));
    must(await openVault(account, { cloud }));
    // What her first device would open now, the old root's holders could open too.
    const hospital = account.identity("practitioner").card;
    must(await first.sync());
    expect(kindOf(await first.admit(hospital, ["vitals"]))).toBe("account-stale");
    const again = must(await openVault(onFirst, { cloud }));
    must(await again.admit(hospital, ["vitals"]));
  });

  it("lets her correct there what she wrote here, until the other device is taken out", async () => {
    const ada = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    const first = must(await openVault(ada.account, { cloud }));
    const { signedIn, store } = await onNewDevice(directory, ada, {
      ...{ second: app.second, deviceSecret: ada.deviceSecret },
    });
    const second = must(await openVault(must(signedIn), { cloud }));
    const write = async (patient: Patient, at: KeyStore, value: number) => {
      const chains = new ChainCache();
      const own = must(await openOwnSource(patient, ["vitals"], { cloud, store: at, chains }));
      must(await own.upload([{ resource: pressure("own", value), assigned: "patient" }]));
    };
    await write(first, ada.store, 120);
    must(await second.sync());
    await write(second, store, 130);
    await write(second, store, 131);
    const reader = must(await Reader.open({ cloud, store }));
    const found: Match[] = [];
    for await (const match of must(await reader.search("Observation"))) found.push(match);
    expect(found).toMatchObject([{ revision: 3, origin: { assigned: "patient" } }]);
    expect(must(await reader.read(first.vault, found[0]?.record as never))).toEqual(found[0]);
    expect(ownSources(second).length).toBe(1);
    must(await ada.account.unlocks.changePassword("a third"));
    const back = { login: ada.login, password: "a third", role: "patient" } as const;
    const again = must(await signIn({ directory, store: ada.store }, back));
    const patient = must(await openVault(again, { cloud }));
    await write(patient, ada.store, 140);
    // The key that the old root's holders know writes no more.
    expect(
      ownSources(patient)
        .map(({ status }) => status)
        .sort(),
    ).toEqual(["ended", "live"]);
  });

  it("is not needed for a vault that was named and never made", async () => {
    const ada = await signUp(directory);
    // Her first device is lost before it met the cloud.
    const { login, phrase } = ada;
    const store = memoryKeyStore();
    const back = must(await recover({ directory, store }, { login, phrase, newPassword: "new" }));
    const patient = must(await openVault(back, { cloud }));
    expect(patient.vault).toEqual(ada.account.vault);
  });

  it("is closed to a practitioner who is no patient, until she becomes one", async () => {
    const { account } = await signUp(directory, { roles: ["practitioner", "patient"] });
    const { account: other } = await signUp(directory, { roles: ["practitioner"] });
    expect(other.vault).toBeUndefined();
    const patient = must(await openVault(other, { cloud }));
    expect(other.vault).toEqual(patient.vault);
    expect(account.vault).not.toEqual(other.vault);
    // Her faces are strangers to each other.
    const faces = (["account", "vault", "practitioner"] as const).map((face) =>
      Buffer.from(account.identity(face).card.sign).toString("hex"),
    );
    expect(new Set(faces).size).toBe(3);
  });
});

describe("a passkey", () => {
  it("unlocks as long as the chain lists it", async () => {
    const ada = await signUp(directory);
    const app = await Authenticator.addTo(ada.account);
    const prf = new Uint8Array(32).fill(9);
    must(await ada.account.unlocks.addPasskey(prf));
    const ways = must(await ada.account.unlocks.list());
    expect(ways.map(({ kind }) => kind)).toEqual(["phrase", "password", "passkey"]);
    const { signedIn } = await onNewDevice(directory, ada, { second: app.second });
    const account = must(signedIn);
    const wrong = await account.unlock({ passkey: new Uint8Array(32) });
    expect(kindOf(wrong)).toBe("unlisted-wrap");
    must(await account.unlock({ passkey: prf }));
    expect(account.isUnlocked).toBe(true);
    const [phrase, , passkey] = ways;
    if (phrase === undefined || passkey === undefined) throw new Error("two are listed");
    expect(kindOf(await account.unlocks.remove(phrase.id))).toBe("last-one");
    must(await account.unlocks.remove(passkey.id));
    expect(must(await ada.account.unlocks.list()).length).toBe(2);
    expect(account.held.roots.length).toBe(2);
  });
});

describe("a phone", () => {
  it("is changed for another, which gets the codes from then on", async () => {
    const ada = await signUp(directory);
    const { factors } = ada.account;
    const code = async (number: string): Promise<string> =>
      codeIn((await awaitMessages(running, number, 1)).at(-1) as { text: string });
    for (const number of [mobile(11), mobile(12)]) {
      must(await factors.startPhone(number));
      must(await factors.finishPhone(await code(number)));
    }
    const listed = must(await factors.list());
    expect(listed.at(-1)?.hint).toContain(mobile(12).slice(-3));
  });
});
