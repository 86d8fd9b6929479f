import { ok, type Result } from "@salus/base";
import type { Cloud, Registry } from "@salus/client";
import { connect } from "../connect.ts";
import { openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import type { Role } from "../homes/person.ts";
import type { CloudOptions, DirectoryOptions } from "../options.ts";
import type { Failure } from "../words.ts";
import { type Member, openMember } from "./member.ts";

/** Somebody who is signed in, the cloud, and whom she believes about providers. */
export interface Connected {
  readonly cloud: Cloud;
  readonly member: Member;
  readonly registry: Registry;
}

/** Somebody of a role, with what asking and deciding have in common. Fails: as `openMember`; any `CloudError`. */
export async function openConnected(
  homes: Homes,
  urls: CloudOptions & DirectoryOptions,
  who: string | undefined,
  role: Role,
): Promise<Result<Connected, Failure>> {
  const cloud = await connect(urls.cloud);
  if (!cloud.ok) return cloud;
  const member = await openMember(homes, urls.directory, who, role);
  if (!member.ok) return member;
  const registry = await openRegistry(homes, cloud.value);
  if (!registry.ok) return registry;
  return ok({ cloud: cloud.value, member: member.value, registry: registry.value });
}
