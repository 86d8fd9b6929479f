import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "@salus/service";
import { machineNames } from "./hosts.ts";
import { readSettings, USAGE } from "./settings.ts";
import { type RunningSite, startSite } from "./site.ts";
import { type Certificate, localCertificate, machineAddresses } from "./tls/certificate.ts";

launch({
  usage: USAGE,
  start: async () => {
    const beside = dirname(fileURLToPath(import.meta.url));
    const settings = readSettings(process.argv.slice(2), process.env, beside);
    if (settings === "help") return "help";
    const { tls, data, ...options } = settings;
    const certificate = tls ? await localCertificate(data, Date.now()) : undefined;
    const site = await startSite({ ...options, certificate });
    if (certificate !== undefined) sayHow(site, certificate, options.host);
    return site;
  },
});

/** Say how a phone reaches this machine and comes to trust it. */
function sayHow({ url }: RunningSite, certificate: Certificate, host: string): void {
  const { port } = new URL(url);
  const say = (line: string): boolean => process.stderr.write(`${line}\n`);
  if (host === "0.0.0.0" || host === "::") {
    const names = [...machineNames(), ...machineAddresses()];
    const others = names.filter((name) => name !== "localhost" && name !== "127.0.0.1");
    for (const name of others) say(`OTHER_URL https://${name}:${port}`);
  }
  if (certificate.fresh) say("A certificate was made: a device that trusted another must be told.");
  say(`To trust it, open /ca.crt there, and compare its SHA-256:\n   ${certificate.fingerprint}`);
}
