import { type BatchStatement, batchSchema } from "./batch.ts";
import { type ChainPayloads, chainSchemas } from "./chain.ts";
import type { Schema } from "./fields.ts";
import {
  type Capability,
  type Certificate,
  capabilitySchema,
  certificateSchema,
} from "./sharing.ts";

/** The payload of every signed statement. Spec: statements §1. */
export interface StatementPayloads extends ChainPayloads {
  batch: BatchStatement;
  certificate: Certificate;
  capability: Capability;
}

export type StatementType = keyof StatementPayloads;

export const statementSchemas: { readonly [T in StatementType]: Schema<StatementPayloads[T]> } = {
  ...chainSchemas,
  batch: batchSchema,
  certificate: certificateSchema,
  capability: capabilitySchema,
};
