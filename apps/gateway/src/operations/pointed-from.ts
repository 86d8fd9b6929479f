import type { Resource } from "@salus/client";

/** The name of a resource that another refers to. */
export interface PointedTo {
  readonly type: string;
  readonly id: string;
}

const REST = /^(?:.*\/)?([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]*)?$/;

/** Everything that a resource refers to by type and id, wherever in it the reference stands. */
export function pointedFrom(resource: Resource): readonly PointedTo[] {
  const found: PointedTo[] = [];
  const open: unknown[] = [resource];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) open.push(...value.filter((item) => item !== null));
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    for (const [key, part] of Object.entries(value)) {
      if (key === "reference" && typeof part === "string") {
        const [, type, id] = REST.exec(part) ?? [];
        if (type !== undefined && id !== undefined) found.push({ type, id });
      } else if (typeof part === "object" && part !== null) open.push(part);
    }
  }
  return found;
}
