import type { Target } from "./address.ts";
import type { Method } from "./exchange.ts";

/** What can be done at each kind of place. */
const METHODS: Readonly<Record<Target["kind"], readonly Method[]>> = {
  system: ["GET", "POST"],
  metadata: ["GET"],
  "system-search": ["GET", "POST"],
  "system-history": [],
  type: ["GET", "POST", "PUT", "PATCH", "DELETE"],
  "type-search": ["GET", "POST"],
  "type-history": [],
  instance: ["GET", "PUT", "PATCH", "DELETE"],
  "instance-history": ["GET"],
  version: ["GET"],
  compartment: ["GET"],
  operation: ["GET", "POST"],
};

/** The methods of a place, as `Allow` lists them. */
export function methodsOf(target: Target): readonly string[] {
  const methods = target.kind === "compartment" && target.form ? ["POST"] : METHODS[target.kind];
  return methods.includes("GET") ? ["HEAD", ...methods] : methods;
}
