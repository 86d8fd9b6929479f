import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Outbox } from "../../apps/directory/src/sms/outbox.ts";
import { readPhoneNumber } from "../../apps/directory/src/sms/phone-number.ts";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { must } from "../../apps/directory/test/person.ts";
import { TO_OUTBOX } from "../../apps/directory/test/telephone.ts";
import { salus } from "../running/program.ts";

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
