export { keyStoreContract } from "./key-store-contract.ts";
