import { MedplumClient } from "@medplum/core";
import { Client as FhirKitClient } from "fhir-kit-client";
import smart from "fhirclient";
import type SmartModule from "fhirclient/lib/FhirClient.js";
import type { Json, Operation, ScriptedClient } from "./client-script.ts";

type Any = Parameters<FhirKitClient["create"]>[0]["body"];

/** Vermonster's client. */
export function fhirKit(base: string): ScriptedClient {
  const client = new FhirKitClient({ baseUrl: base });
  const json = (resource: Any): Json => resource as Json;
  return {
    name: "fhir-kit-client",
    create: async (resource) => {
      const { resourceType } = resource;
      return json(await client.create({ resourceType, body: resource as Any }));
    },
    read: async (resourceType, id) => json(await client.read({ resourceType, id })),
    update: async (resource) => {
      const { resourceType, id = "" } = resource;
      return json(await client.update({ resourceType, id, body: resource as Any }));
    },
    patch: async (resourceType, id, jsonPatch) =>
      json(await client.patch({ resourceType, id, jsonPatch: jsonPatch as never })),
    remove: async (resourceType, id) => {
      await client.delete({ resourceType, id });
    },
    search: async (resourceType, searchParams) =>
      json(await client.search({ resourceType, searchParams })),
    pages: async (resourceType, searchParams) => {
      const pages: Json[][] = [];
      let page: Any | undefined = await client.search({ resourceType, searchParams });
      while (page !== undefined) {
        pages.push(resourcesOf(json(page)));
        const { link = [] } = page as { readonly link?: { relation: string; url: string }[] };
        page = await client.nextPage({ bundle: { ...page, link } });
      }
      return pages;
    },
    transaction: async (body) => json(await client.transaction({ body: body as Any })),
    history: async (resourceType, id) => json(await client.history({ resourceType, id })),
    everything: async (id) => json(await operation(client, "$everything", id)),
    summary: async (id) => json(await operation(client, "$summary", id)),
  };
}

function operation(client: FhirKitClient, name: string, id: string): Promise<Any> {
  return client.operation({ name, resourceType: "Patient", id, method: "GET" });
}

/** Its types leave out what it exports for those who sign in elsewhere. */
const { FhirClient } = smart as unknown as {
  FhirClient: new (base: string) => SmartModule.default;
};

/** The client of SMART Health IT. */
export function smartClient(base: string): ScriptedClient {
  const client = new FhirClient(base);
  const get = (url: string): Promise<Json> => client.fhirRequest<Json>(url);
  return {
    name: "fhirclient",
    create: (resource) => client.create<Json>(resource as never),
    read: (type, id) => get(`${type}/${id}`),
    update: (resource) => client.update<Json>(resource as never),
    patch: (type, id, operations) => client.patch<Json>(`${type}/${id}`, operations as never),
    remove: async (type, id) => {
      await client.delete(`${type}/${id}`);
    },
    search: (type, parameters) => get(`${type}?${new URLSearchParams(parameters)}`),
    pages: async (type, parameters) => {
      const pages: Json[][] = [];
      const first = `${type}?${new URLSearchParams(parameters)}`;
      for await (const page of client.pages(first)) pages.push(resourcesOf(page as never));
      return pages;
    },
    transaction: (bundle) =>
      client.fhirRequest<Json>(base, {
        method: "POST",
        body: JSON.stringify(bundle),
        headers: { "content-type": "application/fhir+json" },
      }),
    history: (type, id) => get(`${type}/${id}/_history`),
    everything: (id) => get(`Patient/${id}/$everything`),
    summary: (id) => get(`Patient/${id}/$summary`),
  };
}

/** Medplum's client. */
export function medplum(base: string): ScriptedClient {
  const { origin, pathname } = new URL(base);
  const client = new MedplumClient({ baseUrl: origin, fhirUrlPath: pathname.slice(1), fetch });
  // Its types know the resources of R4 by name; a script knows them as JSON.
  type Typed = Parameters<MedplumClient["createResource"]>[0];
  const json = (resource: unknown): Json => resource as Json;
  return {
    name: "MedplumClient",
    create: async (resource) => json(await client.createResource(resource as Typed)),
    read: async (type, id) => json(await client.readResource(type as "Patient", id)),
    update: async (resource) => json(await client.updateResource(resource as Typed)),
    patch: async (type, id, operations: readonly Operation[]) =>
      json(await client.patchResource(type as "Patient", id, operations as never)),
    remove: async (type, id) => {
      await client.deleteResource(type as "Patient", id);
    },
    search: async (type, parameters) => json(await client.search(type as "Patient", parameters)),
    pages: async (type, parameters) => {
      const pages: Json[][] = [];
      for await (const page of client.searchResourcePages(type as "Patient", parameters)) {
        pages.push(page.map(json));
      }
      return pages;
    },
    transaction: async (bundle) => json(await client.executeBatch(bundle as never)),
    history: async (type, id) => json(await client.readHistory(type as "Patient", id)),
    everything: async (id) => json(await client.readPatientEverything(id)),
    summary: async (id) => json(await client.readPatientSummary(id)),
  };
}

/** The resources of a Bundle. */
export function resourcesOf({ entry = [] }: Json): Json[] {
  return (entry as readonly { readonly resource: Json }[]).map(({ resource }) => resource);
}
