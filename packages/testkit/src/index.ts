// For tests only: real clouds, lying clouds, people, and what every implementation of a port must do.
export { type CloudProcess, startCloudProcess } from "./cloud-process.ts";
export { keyStoreContract } from "./key-store-contract.ts";
export {
  type DirectoryLies,
  flipped,
  type Lies,
  lyingCloud,
  lyingDirectory,
} from "./lying-cloud.ts";
export { type Dice, dice, type Mutation, mutate } from "./mutation.ts";
export {
  newMailbox,
  ProviderTree,
  type TestPhysician,
  type TestProvider,
} from "./provider-tree.ts";
export {
  condition,
  depression,
  glucose,
  observation,
  pressure,
  type Reading,
} from "./resources.ts";
export {
  ask,
  askingUnder,
  must,
  newPatient,
  newSource,
  readerOf,
  type Somebody,
  somebody,
  type TestPatient,
  type TestSource,
  vaultOf,
} from "./world.ts";
