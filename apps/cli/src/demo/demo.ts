import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fail, ok, type Result, toHex } from "@salus/base";
import { ChainCache, httpCloud } from "@salus/client";
import { population } from "@salus/health";
import { EXIT } from "../exit.ts";
import { Homes } from "../homes/homes.ts";
import type { RunningServer } from "../processes/server.ts";
import { number, Progress } from "../progress.ts";
import { attestAll } from "../providing/certify.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { castOf } from "./cast.ts";
import { feed } from "./feed.ts";
import { writeHomes } from "./homes-for-browsers.ts";
import { Hospitals } from "./hospitals.ts";
import { sayAccounts, signUpCast } from "./people.ts";
import { fillRequests } from "./requests.ts";
import { Servers, type Services, type SitePlace } from "./servers.ts";
import { Tour } from "./tour.ts";

export interface DemoOptions {
  readonly patients: number;
  readonly hospitals: number;
  readonly seed: number;
  readonly tour: boolean;
  /** Where the site listens, and whether under TLS. */
  readonly host: string;
  readonly tls: boolean;
}

/** Everything that runs. */
interface Running extends Services {
  readonly site: RunningServer;
}

const SETTINGS = "demo";
const PATIENCE_MS = 3_000;

/** A cloud, a directory, a site before both, hospitals, and people, from nothing to serving; and back to nothing on SIGTERM. */
export class Demo {
  readonly #session: Session;
  readonly #options: DemoOptions;
  readonly #stopped = new AbortController();
  #servers: Servers | undefined;
  #running: Services | undefined;
  #homes: Homes | undefined;
  #hospitals: Hospitals | undefined;

  constructor(session: Session, options: DemoOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** Run until it is asked to end, and end the process. */
  async run(environment: NodeJS.ProcessEnv): Promise<never> {
    const { signal } = this.#stopped;
    for (const name of ["SIGTERM", "SIGINT"] as const) {
      const early = process.listeners(name);
      process.on(name, () => this.#stopped.abort());
      // From now on there is something to end in order. A signal between two listeners would be lost.
      for (const listener of early) process.off(name, listener);
    }
    const asked = once(signal, "abort").then(() => "asked" as const);
    const work = this.#serve(environment, asked);
    const ended = await Promise.race([asked, work]);
    // What was begun ends with an error when its processes go: nobody needs to hear it then.
    const failure = ended === "asked" || signal.aborted || ended.ok ? undefined : ended.error;
    await this.#stop(work);
    const code = failure === undefined ? EXIT.done : this.#session.fail(failure);
    process.exit(code);
  }

  async #serve(
    environment: NodeJS.ProcessEnv,
    asked: Promise<"asked">,
  ): Promise<Result<void, Failure>> {
    const began = performance.now();
    const servers = await this.#begin(environment);
    if (!servers.ok) return servers;
    const place = await servers.value.findPlace(this.#options);
    if (!place.ok) return place;
    const started = await servers.value.startServices(place.value);
    if (!started.ok) return started;
    this.#running = started.value;
    if (this.#stopped.signal.aborted) return ok(undefined);
    // While people sign up and records are told, the site starts.
    const starting = servers.value.startSite(started.value, place.value);
    const filled = await this.#fill(began, servers.value.people);
    if (!filled.ok || this.#stopped.signal.aborted) return filled;
    const site = await starting;
    if (!site.ok) return site;
    const running: Running = { ...started.value, site: site.value };
    this.#sayWhere(running, place.value);
    const lost = Promise.race(
      Object.values(running).map((server: RunningServer) => server.child.ended.then(() => server)),
    );
    const shown = await this.#show();
    if (!shown.ok) return shown;
    const how = await Promise.race([asked, lost]);
    if (how === "asked") return ok(undefined);
    return fail({ kind: "server-failed", name: how.name, said: how.child.lastWords });
  }

  /** Say where everything is: what programs read on standard output, the rest for whoever sits there. */
  #sayWhere({ cloud, directory, site }: Running, { host, port, tls }: SitePlace): void {
    this.#session.note(`CLOUD_URL ${cloud.url}`);
    this.#session.note(`DIRECTORY_URL ${directory.url}`);
    for (const line of site.child.said) {
      if (/^(?:OTHER_URL |To trust it|A certificate| {3}[0-9A-F:]+$)/.test(line)) {
        this.#session.note(line);
      }
    }
    const scheme = tls ? "https" : "http";
    if (isHere(host)) this.#session.note(`Open ${scheme}://localhost:${port} in a browser.`);
    this.#session.out(`ready ${site.url}`);
  }

  /** The folder of homes, and what starts the servers. */
  async #begin(environment: NodeJS.ProcessEnv): Promise<Result<Servers, Failure>> {
    const data = environment.DATA_DIR || join(".data", "demo");
    this.#session.note(
      "Starting a cloud and a directory, and hospitals that neither will ever see inside of.",
    );
    const homes = await Homes.at(join(data, "home"), { kind: "clear" }, { create: true });
    if (!homes.ok) return homes;
    this.#homes = homes.value;
    const fits = await this.#remember(homes.value);
    if (!fits.ok) return fits;
    const authority = await homes.value.authority();
    if (!authority.ok) return authority;
    if (this.#stopped.signal.aborted) return fail({ kind: "interrupted" });
    const key = toHex(authority.value.identity.card.sign);
    this.#servers = new Servers(data, key, environment);
    return ok(this.#servers);
  }

  /** A folder holds one demo: other hospitals under the same ids would be changed records. */
  async #remember({ root }: Homes): Promise<Result<void, Failure>> {
    const { hospitals, seed } = this.#options;
    const now = JSON.stringify({ hospitals, seed });
    const before = await root.store.read(SETTINGS);
    if (!before.ok) return before;
    if (before.value === undefined) {
      await root.store.write(SETTINGS, new TextEncoder().encode(now));
      return ok(undefined);
    }
    const text = new TextDecoder().decode(before.value);
    if (text === now) return ok(undefined);
    const there = JSON.parse(text) as { hospitals: number; seed: number };
    const asked = `--hospitals ${there.hospitals} --seed ${there.seed}`;
    const what = `the folder holds another demo: that of ${asked}`;
    return fail({
      kind: "usage",
      what,
      next: "ask for that one, or name another folder with DATA_DIR.",
    });
  }

  /** Takes: `file`, for the homes that browsers may have. */
  async #fill(began: number, file: string): Promise<Result<void, Failure>> {
    const { homes, running, session } = this.#parts();
    const cloud = httpCloud(running.cloud.url);
    const people = population(this.#options);
    const urls = { cloud: running.cloud.url, directory: running.directory.url };
    const signing = { session, homes, ...urls };
    const { signal } = this.#stopped;
    const cast = castOf(people);
    const hospitals = new Hospitals(homes, cloud);
    this.#hospitals = hospitals;
    // While the hospitals' processes start, people sign up.
    hospitals.begin(people.organisations, running.cloud.url);
    const signed =
      cast === undefined
        ? ok({ accounts: [], fresh: new Set<string>() })
        : await signUpCast(signing, cast, signal);
    if (!signed.ok || signal.aborted) return signed.ok ? ok(undefined) : signed;
    const started = await hospitals.publish(people.organisations);
    if (!started.ok) return started;
    const attested = await attestAll(homes, running.cloud.url);
    if (!attested.ok) return attested;
    const progress = new Progress(session, "records at the hospitals");
    const context = { homes, cloud, chains: new ChainCache(), hospitals: hospitals.all, signal };
    const told = await feed(context, people.patients, (count) => progress.at(count));
    progress.end();
    if (!told.ok) return told;
    let entries = 0;
    for (const { process } of hospitals.all) {
      const done = await process.finish();
      if (!done.ok) return done;
      entries += done.value.entries;
    }
    const authority = await homes.authority();
    if (!authority.ok) return authority;
    if (!signal.aborted) hospitals.serve(urls, toHex(authority.value.identity.card.sign));
    if (signal.aborted) return ok(undefined);
    const filled = await fillRequests(signing, signed.value);
    if (!filled.ok) return filled;
    await homes.save();
    if (cast !== undefined) {
      const written = await writeHomes(homes, cast, signed.value.accounts, file);
      if (!written.ok) return written;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    session.note(
      `${number(told.value)} records of ${this.#options.patients} patients from ` +
        `${this.#options.hospitals} hospitals are in the cloud, sealed, with ${number(entries)} ` +
        `new index entries, after ${seconds} s.`,
    );
    sayAccounts(signing, signed.value.accounts);
    return ok(undefined);
  }

  /** Lead through the tour, then let go of the homes, so that others may look too. */
  async #show(): Promise<Result<void, Failure>> {
    const { homes, running, session } = this.#parts();
    const tour = this.#options.tour
      ? new Tour(session, homes, running.cloud.url, this.#stopped.signal)
      : undefined;
    const led = tour === undefined ? ok(undefined) : await tour.lead();
    this.#homes = undefined;
    await homes.close();
    if (led.ok) tour?.goOn();
    return led;
  }

  #parts(): { homes: Homes; running: Services; session: Session } {
    const [homes, running] = [this.#homes, this.#running];
    if (homes === undefined || running === undefined)
      throw new Error("bug: a demo fills what runs");
    return { homes, running, session: this.#session };
  }

  /** Let everybody finish what is in hand, so that no file is left half written; then end them. */
  async #stop(work: Promise<unknown>): Promise<void> {
    this.#stopped.abort();
    await this.#hospitals?.stop();
    // Servers that do not answer yet are not waited for.
    if (this.#running === undefined) await this.#servers?.stop();
    // The tour may be waiting, with the patience of a client, for a cloud that is gone.
    await Promise.race([work, pause(PATIENCE_MS)]);
    await this.#hospitals?.stop();
    await this.#servers?.stop();
    await this.#homes?.close();
  }
}

/** Whether a browser of this machine finds what listens there by `localhost`. */
function isHere(host: string): boolean {
  return ["127.0.0.1", "localhost", "0.0.0.0", "::", "::1"].includes(host);
}
