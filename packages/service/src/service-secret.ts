import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import { StartFailure } from "./start-failure.ts";

const SECRET_BYTES = 32;

/**
 * A secret of this service that must not be in its database: drawn at the first start, and kept in a
 * file that only its user may read.
 *
 * The file is there whole or not at all, and on disk before anything rests on it. Of several processes
 * that start at once one draws, and all read what it drew.
 *
 * Takes:   `folder`, where the service keeps its secrets; `name`, that of this one.
 * Fails:   `bad-service-keys`: the file holds something else.
 */
export function serviceSecret(folder: string, name: string): Bytes {
  makeFolder(folder);
  const file = join(folder, name);
  const found = read(file);
  if (found !== undefined) return found;
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeDurably(draft, randomBytes(SECRET_BYTES));
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(folder);
  const drawn = read(file);
  if (drawn === undefined) throw new StartFailure("bad-service-keys", `${file} is gone`);
  return drawn;
}

function read(file: string): Bytes | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  if (bytes.length !== SECRET_BYTES) {
    throw new StartFailure("bad-service-keys", `${file} is no secret of this service`);
  }
  return Uint8Array.from(bytes);
}

function writeDurably(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
