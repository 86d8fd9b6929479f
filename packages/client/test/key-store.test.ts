import { keyStoreContract } from "@salus/testkit";
import { describe } from "vitest";
import { memoryKeyStore } from "../src/index.ts";

// Goal: what lasts as long as the process keeps the same promises as what lasts longer.
describe("in memory", () => keyStoreContract(async () => memoryKeyStore()));
