import { httpCloud, OwnRequests, PatientRequests } from "@salus/client";
import { CATEGORIES, type Category } from "@salus/health";
import {
  type CloudProcess,
  must,
  newMailbox,
  newPatient,
  newSource,
  ProviderTree,
  pressure,
  startCloudProcess,
  type TestPatient,
  type TestPhysician,
  type TestProvider,
  vaultOf,
} from "@salus/testkit";
import { connect } from "../test/running/cloud.ts";
import { type Figure, median } from "./figure.ts";

/**
 * What it takes to grant: from the decision on the screen to the cloud's acknowledgement, and the bytes that
 * it adds to the chain.
 *
 * The vault of 100,000 records has one source with 14 categories; beside it stands one of 100 records that is
 * otherwise the same, in turns. Its records are a thousand that were uploaded, and copies of their rows:
 * what a grant costs does not look at them, which is what is shown.
 *
 * Figures:   `grant-100k-records`: milliseconds, medians of 11; the baseline is the small vault.
 *            `grant-bytes-C-D`: bytes of the links of an approval, for C categories of one source and D
 *            devices; the baseline is C = D = 1.
 */
const RECORDS = 100_000;
const UPLOADED = 1000;
const SMALL = 100;
const ROUNDS = 11;
const WARM = 3;
const HOUR = 3_600_000;
const FOURTEEN = CATEGORIES.slice(0, 14);

export async function run(): Promise<readonly Figure[]> {
  const server = await startCloudProcess();
  try {
    const bench = await Bench.open(server);
    const large = await bench.vault(UPLOADED);
    const small = await bench.vault(SMALL);
    await multiply(server, large.owner, RECORDS / UPLOADED);
    const one = await bench.physician(1);
    const times: { large: number[]; small: number[] } = { large: [], small: [] };
    for (let round = 0; round < WARM + ROUNDS; round += 1) {
      // In turns, now one first and now the other: each finds what the one before it left warm.
      const order = round % 2 === 0 ? (["large", "small"] as const) : (["small", "large"] as const);
      for (const which of order) {
        const { milliseconds } = await { large, small }[which].grant(one, FOURTEEN);
        if (round >= WARM) times[which].push(milliseconds);
      }
    }
    const value = median(times.large);
    const baseline = median(times.small);
    const figures: Figure[] = [
      { name: "grant-100k-records", value, unit: "ms", baseline, ratio: value / baseline },
    ];
    const five = await bench.physician(5);
    const least = (await small.grant(one, FOURTEEN.slice(0, 1))).bytes;
    for (const [devices, who] of [[1, one] as const, [5, five] as const]) {
      for (const count of [1, 14]) {
        const { bytes } = await small.grant(who, FOURTEEN.slice(0, count));
        const name = `grant-bytes-${count}-${devices}`;
        figures.push({ name, value: bytes, unit: "B", baseline: least, ratio: bytes / least });
      }
    }
    return figures;
  } finally {
    await server.stop();
  }
}

interface Granted {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** A patient with one hospital. */
interface BenchVault {
  readonly owner: TestPatient;
  grant(who: TestPhysician, categories: readonly Category[]): Promise<Granted>;
}

class Bench {
  readonly #cloud: ReturnType<typeof httpCloud>;
  readonly #tree: ProviderTree;
  readonly #hospital: TestProvider;

  constructor(cloud: ReturnType<typeof httpCloud>, tree: ProviderTree, hospital: TestProvider) {
    this.#cloud = cloud;
    this.#tree = tree;
    this.#hospital = hospital;
  }

  static async open({ url }: CloudProcess): Promise<Bench> {
    const cloud = httpCloud(url);
    const tree = await ProviderTree.plant(cloud);
    return new Bench(cloud, tree, await tree.organisation("hospital"));
  }

  /** A physician with so many devices. */
  async physician(devices: number): Promise<TestPhysician> {
    const first = await this.#tree.physician(this.#hospital, `dr-${devices}`);
    for (let more = 1; more < devices; more += 1) await this.#tree.device(first);
    return first;
  }

  async vault(records: number): Promise<BenchVault> {
    const cloud = this.#cloud;
    const owner = await newPatient(cloud);
    const source = await newSource(cloud, owner, "hospital", FOURTEEN, this.#hospital);
    const vault = await vaultOf(source, owner.vault);
    const some = Array.from({ length: records }, (_, n) => ({ resource: pressure(`p${n}`, 120) }));
    must(await vault.upload(some));
    const mailbox = newMailbox();
    const { patient, store } = owner;
    const grant = async (who: TestPhysician, categories: readonly Category[]): Promise<Granted> => {
      const registry = await this.#tree.registry();
      const requests = new PatientRequests({ patient, registry, mailbox, store });
      const { identity, store: hers } = who;
      const own = new OwnRequests({ identity, registry, store: hers });
      const expires = Date.now() + HOUR;
      const order = { to: mailbox.mailbox, sources: "all", categories, expires } as const;
      const { letter } = must(await own.ask(order, who.mailbox.mailbox));
      const proposal = must(requests.propose(must(await requests.open(letter.statement))));
      const before = patient.chain.head.seq;
      const start = performance.now();
      must(await requests.approve(proposal, { at: Date.now() }));
      const milliseconds = performance.now() - start;
      const caller = owner.identity.caller();
      const { links } = must(await cloud.chain(caller, owner.vault, before + 1));
      return { milliseconds, bytes: links.reduce((sum, link) => sum + link.length, 0) };
    };
    return { owner, grant };
  }
}

/** So many times the records that a vault has, as rows beside those that were uploaded. */
async function multiply(server: CloudProcess, { vault }: TestPatient, by: number): Promise<void> {
  const client = await connect(server.data);
  try {
    const id = Buffer.from(vault.slice(0, 16)).toString("hex");
    await client.query(
      `insert into record (vault, record, handle, revision, source, cell, batch, tombstone, envelope)
       select vault, record + n * ${UPLOADED}, gen_random_uuid(), revision, source, cell, batch, tombstone,
         envelope from record, generate_series(1, ${by - 1}) as n where vault = $1::uuid`,
      [id],
    );
    await client.query(`update vault set records = records * ${by} where vault = $1::uuid`, [id]);
    const counted = await client.query(
      "select count(*)::int4 as n from record where vault = $1::uuid",
      [id],
    );
    await client.query("vacuum analyze record");
    if (counted.rows[0].n !== RECORDS) throw new Error("the vault has not the records it should");
  } finally {
    await client.end();
  }
}
