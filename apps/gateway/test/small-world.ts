import { ChainCache, type Cloud, httpCloud, memoryKeyStore } from "@salus/client";
import {
  type CloudProcess,
  must,
  type Somebody,
  somebody,
  startCloudProcess,
} from "@salus/testkit";
import { openSandbox } from "../src/sandbox/index.ts";
import type { VaultWorld } from "../src/vaults/index.ts";

/** A sandbox over a real cloud, with everybody's keys in memory. */
export interface SmallWorld {
  readonly cloud: Cloud;
  readonly server: CloudProcess;
  readonly world: VaultWorld;
  readonly provider: Somebody;
  readonly practitioner: Somebody;
  /** The same world for a process that has begun anew, and remembers nothing. */
  again(): Promise<VaultWorld>;
  stop(): Promise<void>;
}

const PROVIDER = "sandbox-hospital";

/** Start a world of its own for one file of tests. Takes: `between`, what stands before the cloud. */
export async function startSmallWorld(
  between: (cloud: Cloud) => Cloud = (cloud) => cloud,
): Promise<SmallWorld> {
  const server = await startCloudProcess();
  const cloud = between(httpCloud(server.url));
  const provider = await somebody();
  const practitioner = await somebody();
  const open = async (): Promise<VaultWorld> =>
    must(
      await openSandbox({
        cloud,
        practitioner,
        chains: new ChainCache(),
        provider: { store: provider.store, node: PROVIDER },
        withHome: (_patient, run) => run(memoryKeyStore()),
      }),
    );
  const world = await open();
  const stop = (): Promise<void> => server.stop();
  return { cloud, server, world, provider, practitioner, again: open, stop };
}
