import { fail, ok, type Result, toHex } from "@salus/base";
import {
  httpDirectory,
  type Identity,
  type Provider,
  type Registry,
  shownText,
  tellStanding,
} from "@salus/client";
import type { CertificateStatus } from "@salus/protocol";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openRegistry } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

export type StandingOptions = HomeOptions & CloudOptions & DirectoryOptions;

/**
 * Suspend, reinstate, or release a provider, in the name of whoever here stands above her, and tell
 * cloud and directory. Gives: the exit code.
 */
export function setStanding(
  session: Session,
  node: string,
  status: CertificateStatus["status"],
  options: StandingOptions,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const cloud = await connect(options.cloud);
    const registry = cloud.ok ? await openRegistry(homes, cloud.value) : cloud;
    if (!cloud.ok) return session.fail(cloud.error);
    if (!registry.ok) return session.fail(registry.error);
    const provider = providerOf(registry.value, node);
    if (!provider.ok) return session.fail(provider.error);
    const issuer = await aboveOf(homes, registry.value, provider.value);
    if (!issuer.ok) return session.fail(issuer.error);
    const directory = httpDirectory(options.directory);
    const where = { cloud: cloud.value, directory, registry: registry.value };
    const told = await tellStanding(where, issuer.value, provider.value, status);
    if (!told.ok) return session.fail(told.error);
    const { role, node: called, name, card } = provider.value;
    const standing = status === "reinstated" ? "good" : status;
    session.result(`${status} ${shownText(name, 128)}  [${called}]`, {
      ...{ role, node: called, name, key: toHex(card.sign), standing },
    });
    return EXIT.done;
  });
}

function providerOf(registry: Registry, text: string): Result<Provider, Failure> {
  const found = registry.byNode(text);
  if (found !== undefined) return ok(found);
  const known = registry.providers().map(({ node }) => node);
  return fail({ kind: "unknown-name", name: text, what: "a provider", known });
}

/** Whoever stands above a provider and has keys here: her issuer first, an authority last. */
async function aboveOf(
  homes: Homes,
  registry: Registry,
  provider: Provider,
): Promise<Result<Identity, Failure>> {
  const above = provider.path.slice(0, -1).reverse();
  for (const node of above) {
    const key = registry.byNode(node)?.card.sign;
    const person = homes.people("organisation", "department").find(({ id }) => id === node);
    if (person === undefined || key === undefined) continue;
    const resident = await homes.open(person);
    return resident.ok ? ok(resident.value.identity) : resident;
  }
  const [authority] = homes.people("authority");
  const resident = authority === undefined ? undefined : await homes.open(authority);
  if (resident !== undefined) return resident.ok ? ok(resident.value.identity) : resident;
  const what = `nobody here stands above ${provider.name}`;
  return fail({ kind: "usage", what, next: "name the home of who certified her with --home." });
}
