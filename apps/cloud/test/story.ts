import {
  Absent,
  type Receipt,
  type RecordsPage,
  type RecordsQuestion,
  receiptSchema,
  recordsPageSchema,
} from "@salus/protocol";
import { type Answered, read } from "@salus/testkit/asker";
import { Asker } from "./asker.ts";
import type { TestCloud } from "./harness.ts";
import { type Facts, Patient } from "./patient.ts";
import type { BatchChange, TestBatch } from "./signed-batch.ts";
import type { TestSource } from "./test-source.ts";

/** A patient whose vault a cloud has. */
export class Story extends Patient {
  readonly cloud: TestCloud;
  readonly owner: Asker;
  #sent = 0;

  private constructor(cloud: TestCloud, sources: number, categories?: readonly string[]) {
    super(sources, categories);
    this.cloud = cloud;
    this.owner = new Asker(cloud, this.device);
  }

  static async begin(
    cloud: TestCloud,
    sources = 1,
    categories?: readonly string[],
  ): Promise<Story> {
    const story = new Story(cloud, sources, categories);
    await story.sync();
    return story;
  }

  /** The first source. */
  get first(): TestSource {
    return this.sources[0] as TestSource;
  }

  get second(): TestSource {
    return this.sources[1] as TestSource;
  }

  /** Send the links that the cloud does not have yet. */
  async sync(): Promise<void> {
    const path = this.#sent === 0 ? "/v1/vaults" : `${this.path}/chain`;
    const links = this.links.slice(this.#sent);
    const answered = await this.owner.post(path, { links });
    if (answered.status !== 200) throw new Error(JSON.stringify(answered.problem));
    this.#sent = this.links.length;
  }

  /** Send a batch, whatever comes of it. */
  send(source: TestSource, batch: TestBatch): Promise<Answered> {
    const asker = new Asker(this.cloud, source.signer);
    return asker.request("POST", `${this.path}/batches`, batch.body);
  }

  /** Upload records of a source. */
  async upload(
    source: TestSource,
    facts: readonly Facts[],
    change?: BatchChange,
  ): Promise<Receipt> {
    const batch = await this.batch(source, facts, change);
    const receipt = read(await this.send(source, batch), receiptSchema);
    batch.commit();
    return receipt;
  }
}

/** A page of what a vault holds, as somebody is shown it. */
export async function recordsOf(
  asker: Asker,
  story: Story,
  question: Partial<RecordsQuestion> = {},
): Promise<RecordsPage> {
  const source = story.first.handle;
  const whole = { source, after: Absent.of(new Uint8Array()), limit: 100, entries: true };
  const answered = await asker.post(`${story.path}/records`, { ...whole, ...question });
  return read(answered, recordsPageSchema);
}
