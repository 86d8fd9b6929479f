import { startCloudProcess } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Outbox } from "../../apps/directory/src/sms/outbox.ts";
import { readPhoneNumber } from "../../apps/directory/src/sms/phone-number.ts";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { must } from "../../apps/directory/test/person.ts";
import { awaitMessages, codeIn, mobile, TO_OUTBOX } from "../../apps/directory/test/telephone.ts";
import { temporaryFolder } from "../running/folder.ts";
import { type Outcome, salus, start } from "../running/program.ts";

// Goal: a person reads what a directory in development sent, and is told when there is nothing to read.
// Method: the program against a directory with an outbox, one without, and none.

let directory: TestDirectory;
beforeAll(async () => {
  directory = await startTestDirectory(undefined, { sms: TO_OUTBOX });
});
afterAll(() => directory.stop());

describe("directory outbox", () => {
  it("prints what was sent", async () => {
    const outbox = new Outbox(`${directory.database.folder}/outbox.jsonl`, () => 0);
    must(
      await outbox.send(must(readPhoneNumber("+919876543210")), "a text\n\n@localhost #12345678"),
    );
    const args = ["directory", "outbox", "--directory", directory.url];
    const { code, stdout } = await salus(args);
    expect([code, stdout]).toEqual([
      0,
      "1970-01-01T00:00:00.000Z +919876543210\na text\n\n@localhost #12345678\n\n",
    ]);
    const json = await salus([...args, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ number: "+919876543210" });
  });

  it("has the code by which a phone becomes a second factor", async () => {
    const home = temporaryFolder();
    const cloud = await startCloudProcess();
    const env = {
      SALUS_HOME: home.path,
      SALUS_PASSPHRASE: "a passphrase",
      SALUS_PASSWORD: "a password",
      SALUS_DIRECTORY: directory.url,
      SALUS_CLOUD: cloud.url,
    };
    const run = async (...args: string[]): Promise<Outcome> => start(args, { env }).ended;
    const who = ["--login", "ann@example.org", "--name", "Ann", "--role", "patient"];
    const signedUp = await run("signup", ...who, "--yes");
    expect(signedUp.code, signedUp.stderr).toBe(0);
    // Nobody was asked, and nobody sees these again.
    expect(signedUp.stderr).toContain("Device secret");
    expect(signedUp.stderr).toMatch(/ 24\. [a-z]+\n/);
    expect(signedUp.stderr).toMatch(/authenticator app: [A-Z2-7]{32}\n/);
    const asked = await run("account", "phone", mobile(1).slice(3), "--region", "IN");
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining("--code")]);
    const [message] = await awaitMessages(directory, mobile(1), 1);
    const code = codeIn(message ?? { text: "" });
    const added = await run("account", "phone", "--code", code);
    expect([added.code, added.stdout], added.stderr).toEqual([0, "phone added\n"]);
    const factors = (await run("account", "--json")).stdout.trim().split("\n");
    const listed = factors.map((line) => JSON.parse(line) as { factor: string; kind: string });
    expect(listed.map(({ kind }) => kind)).toEqual(["totp", "sms"]);
    const removed = await run("account", "remove", listed[0]?.factor.slice(0, 8) ?? "");
    expect(removed.code, removed.stderr).toBe(0);
    await cloud.stop();
    home.remove();
  });

  it("says that there is none", async () => {
    const bare = await startTestDirectory();
    const refused = await salus(["directory", "outbox", "--directory", bare.url]);
    await bare.stop();
    expect([refused.code, refused.stdout]).toEqual([5, ""]);
    expect(refused.stderr).toContain("has no outbox");
    const nobody = await salus(["directory", "outbox", "--directory", "http://127.0.0.1:9"]);
    expect(nobody.code).toBe(3);
  });
});
