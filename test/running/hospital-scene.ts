import {
  ChainCache,
  type Cloud,
  OwnRequests,
  PatientRequests,
  Reader,
  type Registry,
  type RequestOrder,
} from "@salus/client";
import type { RequestHandle } from "@salus/protocol";
import {
  ask,
  glucose,
  must,
  newMailbox,
  newPatient,
  newSource,
  type ProviderTree,
  pressure,
  type TestPatient,
  type TestPhysician,
  type TestSource,
  vaultOf,
} from "@salus/testkit";

export const HOUR = 3_600_000;

/** Resources as they are uploaded. */
export const uploads = (...resources: ReturnType<typeof pressure>[]) =>
  resources.map((resource) => ({ resource }));

/** A patient with records in two hospitals, and a physician in each. */
export interface Scene {
  readonly cloud: Cloud;
  readonly tree: ProviderTree;
  readonly owner: TestPatient;
  readonly requests: PatientRequests;
  readonly mailbox: ReturnType<typeof newMailbox>;
  readonly hospitals: readonly [TestSource, TestSource];
  readonly doctors: readonly [TestPhysician, TestPhysician];
}

let scenes = 0;

/** Takes:   `now`, the patient's clock. */
export async function newScene(
  cloud: Cloud,
  tree: ProviderTree,
  now: () => number = () => Date.now(),
): Promise<Scene> {
  scenes += 1;
  const owner = await newPatient(cloud);
  const made = [];
  for (const name of ["north", "south"]) {
    const node = `${name}-${scenes}`;
    const organisation = await tree.organisation(node);
    const source = await newSource(cloud, owner, node, ["vitals", "laboratory"], organisation);
    const vault = await vaultOf(source, owner.vault);
    must(await vault.upload(uploads(pressure(`${name}-p`, 150), glucose(`${name}-g`, 150))));
    made.push({ source, doctor: await tree.physician(organisation, `dr-${node}`) });
  }
  const [north, south] = made;
  if (north === undefined || south === undefined) throw new Error("there are two hospitals");
  const mailbox = newMailbox();
  const registry = await tree.registry();
  const { patient, store } = owner;
  return {
    ...{ cloud, tree, owner, mailbox },
    requests: new PatientRequests({ patient, registry, mailbox, store, now }),
    hospitals: [north.source, south.source],
    doctors: [north.doctor, south.doctor],
  };
}

/** The requests of a physician, by the registry of this moment. */
export async function requestsOf(
  { tree }: Pick<Scene, "tree">,
  { identity, store }: TestPhysician,
): Promise<OwnRequests> {
  return new OwnRequests({ identity, registry: await tree.registry(), store });
}

/** A request for everything, unless changes say otherwise. */
export function orderTo(
  { mailbox }: Pick<Scene, "mailbox">,
  changes: Partial<RequestOrder> = {},
): RequestOrder {
  return {
    to: mailbox.mailbox,
    identifier: "phone|+10000000000",
    sources: "all",
    categories: "all",
    expires: Date.now() + HOUR,
    note: "before the operation",
    ...changes,
  };
}

export const steppedUp = (): { at: number } => ({ at: Date.now() });

/** An access that was asked for and approved as a whole. */
export async function giveAccess(
  at: Scene,
  doctor: TestPhysician = at.doctors[0],
  changes: Partial<RequestOrder> = {},
): Promise<{ readonly own: OwnRequests; readonly handle: RequestHandle }> {
  const own = await requestsOf(at, doctor);
  const { handle, letter } = must(await own.ask(orderTo(at, changes), doctor.mailbox.mailbox));
  const opened = must(await at.requests.open(letter.statement));
  const proposal = must(at.requests.propose(opened));
  const approved = must(await at.requests.approve(proposal, steppedUp()));
  must(await own.learn(approved.letter.statement));
  return { own, handle };
}

/** What somebody finds in the scene's vault. */
export async function readIn(
  { cloud, owner }: Pick<Scene, "cloud" | "owner">,
  { identity, store }: Pick<TestPhysician, "identity" | "store">,
  query = "Observation?value-quantity=gt100",
  registry?: Registry,
): ReturnType<typeof ask> {
  const known = registry === undefined ? {} : { registry };
  const reader = new Reader(identity, { cloud, store, chains: new ChainCache(), ...known });
  return ask(reader, query, { vaults: [owner.vault] });
}
