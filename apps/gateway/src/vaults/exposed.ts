import type { Match, Resource } from "@salus/client";

type Meta = Readonly<Record<string, unknown>>;

/** Who wrote, where a resource does not say it itself: the path of provider nodes. */
const SOURCE = "urn:salus:source:";

/** Write into a resource which version it is, and since when: before it is sealed. */
export function stamped(resource: Resource, revision: number, at: number): Resource {
  const lastUpdated = new Date(at).toISOString();
  return { ...resource, meta: { ...metaOf(resource), versionId: String(revision), lastUpdated } };
}

/**
 * A record as a server of FHIR gives it. What was written through no gateway does not say which version it is: then
 * the record's revision does, and the time at which it was sealed.
 */
export function exposed(
  match: Pick<Match, "resource" | "revision" | "sealedAt"> & {
    readonly origin: Pick<Match["origin"], "path">;
  },
): Resource {
  const { resource, revision, sealedAt, origin } = match;
  const meta = metaOf(resource);
  const { lastUpdated, source } = meta;
  return {
    ...resource,
    meta: {
      ...meta,
      versionId: String(revision),
      lastUpdated: typeof lastUpdated === "string" ? lastUpdated : new Date(sealedAt).toISOString(),
      source: typeof source === "string" ? source : sourceOf(origin.path),
    },
  };
}

/**
 * Take away what a version has of its own, and a source that `exposed` has said: what was read and comes back as it was
 * is then the same, and no version more.
 *
 * Takes:   `path`, of who writes.
 */
export function unversioned(resource: Resource, path: readonly string[]): Resource {
  if (resource.meta === undefined) return resource;
  const { versionId: _, lastUpdated: __, source, ...rest } = metaOf(resource);
  const isSaid = source === undefined || source === sourceOf(path);
  const meta = isSaid ? rest : { ...rest, source };
  const { meta: ___, ...bare } = resource;
  return Object.keys(meta).length === 0 ? bare : { ...resource, meta };
}

function sourceOf(path: readonly string[]): string {
  return `${SOURCE}${path.map(encodeURIComponent).join(":")}`;
}

function metaOf({ meta }: Resource): Meta {
  return typeof meta === "object" && meta !== null && !Array.isArray(meta) ? (meta as Meta) : {};
}
