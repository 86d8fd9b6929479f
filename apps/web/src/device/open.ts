import { fail, ok, type Result } from "@salus/base";
import {
  type Account,
  ChainCache,
  type Cloud,
  type Directory,
  type DirectorySession,
  httpCloud,
  httpDirectory,
  type Identity,
  LogWatch,
  openVault,
  type Patient,
  Reader,
  Registry,
  type StepUp,
} from "@salus/client";
import type { BrowserHome } from "@salus/client/browser";
import { Exchanges } from "./exchanges.ts";
import { Once } from "./once.ts";
import type { Person } from "./person.ts";
import { crossing, type Failure, type Problem } from "./problem.ts";
import type { Site } from "./site.ts";

/** The services of a site, and what this device has exchanged with them. */
export interface Services {
  readonly site: Site;
  readonly cloud: Cloud;
  readonly directory: Directory;
  readonly exchanges: Exchanges;
}

/** A screen asks many questions: they go by one look at who may read what. */
const CHAIN_AGE_MS = 3_000;

/** Somebody looks at the screen meanwhile: she is told sooner than a program that nobody waits for. */
const PATIENCE = { totalMs: 8_000, longestWaitMs: 2_000 };

export function servicesOf(site: Site): Services {
  const exchanges = new Exchanges();
  const noting = (service: "cloud" | "directory") => ({
    patience: PATIENCE,
    onExchange: (exchange: Parameters<Exchanges["note"]>[1]) => exchanges.note(service, exchange),
  });
  const cloud = httpCloud(site.cloud, noting("cloud"));
  const directory = httpDirectory(site.directory, noting("directory"));
  return { site, cloud, directory, exchanges };
}

/**
 * What is open while somebody is signed in: her home, her account, and what is made of them when it is
 * first needed. It lives in the worker, and ends with it.
 */
export class Open {
  readonly home: BrowserHome;
  readonly site: Site;
  readonly cloud: Cloud;
  readonly directory: Directory;
  readonly exchanges: Exchanges;
  /** Chains that were verified since she signed in. */
  readonly chains: ChainCache = new ChainCache();
  readonly #registry: Once<Registry, Failure>;
  readonly #patient: Once<Patient, Failure>;
  readonly #reader: Once<Reader, Failure>;
  #person: Person;
  #account: Account;
  #steppedUpAt: number;

  constructor(
    home: BrowserHome,
    account: Account,
    person: Person,
    { site, cloud, directory, exchanges }: Services,
  ) {
    this.home = home;
    this.site = site;
    this.cloud = cloud;
    this.directory = directory;
    this.exchanges = exchanges;
    this.#account = account;
    this.#person = person;
    this.#steppedUpAt = Date.now();
    this.#registry = new Once(() => this.#loadRegistry());
    this.#patient = new Once(() => this.#openPatient());
    this.#reader = new Once(() => this.#openReader());
  }

  get account(): Account {
    return this.#account;
  }

  get person(): Person {
    return this.#person;
  }

  get store(): BrowserHome["store"] {
    return this.home.store;
  }

  /** When she last showed who she is: what a decision about access asks for. */
  get stepUp(): StepUp {
    return { at: this.#steppedUpAt };
  }

  steppedUp(): void {
    this.#steppedUpAt = Date.now();
  }

  /** She has signed in anew, or something about her has changed. */
  become(account: Account, person: Person): void {
    this.#account = account;
    this.#person = person;
    this.forgetVault();
  }

  /** Her keys in the role that she is signed in as: a practitioner and herself as a patient share none. */
  get identity(): Identity {
    const { role } = this.#person;
    const face = role === "patient" ? "vault" : role === "practitioner" ? role : "account";
    return this.#account.identity(face);
  }

  /** Her session, for look-ups and mailboxes. Fails: `signed-out`. */
  session(): Result<DirectorySession, Failure> {
    return this.#account.inDirectory();
  }

  /** Providers whose certificates lead to the site's authorities. Fails: any `CloudError`. */
  registry(): Promise<Result<Registry, Failure>> {
    return this.#registry.get();
  }

  /**
   * Her vault as its owner: made if it is not there yet, and in agreement with her account.
   *
   * Fails:   `no-vault`: she is not here as a patient; as `openVault`.
   */
  patient(): Promise<Result<Patient, Failure>> {
    return this.#patient.get();
  }

  /** What she may read: her own vault, or those that patients have shared. Fails: any `CloudError`. */
  reader(): Promise<Result<Reader, Failure>> {
    return this.#reader.get();
  }

  /** The watch over a service's log, for this home. Fails: `store-damaged`. */
  watch(log: "cloud" | "directory"): Promise<Result<LogWatch, Failure>> {
    return LogWatch.of(this.store, log === "cloud" ? this.cloud : this.directory, log);
  }

  /** The account has changed: the vault is to agree with it before it is next used. */
  forgetVault(): void {
    this.#patient.forget();
    this.#reader.forget();
  }

  /** Certificates may have changed. */
  forgetRegistry(): void {
    this.#registry.forget();
    this.#reader.forget();
  }

  #loadRegistry(): Promise<Result<Registry, Failure>> {
    const { authorities, authoritiesNeeded: threshold } = this.site;
    return Registry.load({ cloud: this.cloud, authorities, threshold });
  }

  async #openPatient(): Promise<Result<Patient, Failure>> {
    if (this.#person.role !== "patient") return fail({ kind: "no-vault" });
    return openVault(this.#account, { cloud: this.cloud, chains: this.chains });
  }

  async #openReader(): Promise<Result<Reader, Failure>> {
    const registry = await this.registry();
    if (!registry.ok) return registry;
    if (this.#person.role === "patient") {
      const patient = await this.patient();
      if (!patient.ok) return patient;
    }
    const { cloud, store, chains } = this;
    const options = { cloud, store, chains, registry: registry.value, chainAgeMs: CHAIN_AGE_MS };
    return ok(new Reader(this.identity, options));
  }
}

/** Who is signed in: the one thing that the worker's modules keep. */
let current: Open | undefined;

export function opened(): Open | undefined {
  return current;
}

export function setOpened(open: Open | undefined): void {
  current = open;
}

/**
 * Do something for whoever is signed in, and hand the outcome to the page: what every function of the
 * device begins with.
 *
 * Fails:   `nobody-in`; what `work` fails with.
 */
export async function withOpen<View>(
  work: (open: Open) => Promise<Result<View, Failure>>,
): Promise<Result<View, Problem>> {
  if (current === undefined) return fail({ kind: "nobody-in" });
  return crossing(await work(current));
}
