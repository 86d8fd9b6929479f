import { must } from "@salus/testkit";
import { startGateway } from "../../apps/gateway/src/gateway.ts";
import { startSmallWorld } from "../../apps/gateway/test/small-world.ts";

/** What came back. */
export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnyBundle;
}

export interface AnyBundle {
  readonly resourceType: string;
  readonly total?: number;
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl?: string;
    readonly resource: AnyResource;
    readonly search?: { readonly mode: string };
  }[];
  readonly issue?: readonly {
    readonly code: string;
    readonly severity: string;
    readonly diagnostics: string;
  }[];
}

export interface AnyResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

interface Question {
  readonly query: string;
  readonly lenient?: true;
}

/** Requests that are on their way at once. */
const TOGETHER = 6;

/** A gateway over a sandbox in a real cloud, asked as any client of FHIR asks. */
export class RunningGateway {
  readonly base: string;
  readonly #stop: () => Promise<void>;

  private constructor(base: string, stop: () => Promise<void>) {
    this.base = base;
    this.#stop = stop;
  }

  static async start(options: { readonly candidatesMax?: number } = {}): Promise<RunningGateway> {
    const small = await startSmallWorld();
    const log = { write: () => undefined };
    const gateway = must(await startGateway({ world: small.world, log, ...options }));
    return new RunningGateway(gateway.base, async () => {
      await gateway.close();
      await small.stop();
    });
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  /** Put resources: patients and what is nobody's first, since the others need them to stand. */
  async load(resources: readonly AnyResource[]): Promise<void> {
    const first = (resource: AnyResource): boolean => FIRST.has(resource.resourceType);
    await this.#write(resources.filter(first));
    await this.#write(resources.filter((resource) => !first(resource)));
  }

  /** Put resources in one transaction. */
  async #write(resources: readonly AnyResource[]): Promise<void> {
    const entry = resources.map((resource) => ({
      resource,
      request: { method: "PUT", url: `${resource.resourceType}/${resource.id}` },
    }));
    const { status, body } = await this.ask("", {
      method: "POST",
      headers: { "content-type": "application/fhir+json" },
      body: JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }),
    });
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body.issue)}`);
  }

  async ask(query: string, init: RequestInit = {}): Promise<Asked> {
    const url = query.startsWith("http") ? query : `${this.base}/${query}`;
    const answer = await fetch(url, init);
    const body = (await answer.json()) as AnyBundle;
    return { status: answer.status, headers: answer.headers, body };
  }

  /** Ask several questions, some at a time. Gives: the answers in the order of the questions. */
  askAll(questions: readonly Question[]): Promise<Asked[]> {
    return together(questions, ({ query, lenient }) =>
      this.ask(query, lenient === true ? { headers: { prefer: "handling=lenient" } } : {}),
    );
  }
}

const FIRST: ReadonlySet<string> = new Set(["Patient", "Organization", "Practitioner"]);

/** Do something with every item, a few at a time. */
async function together<Item, Value>(
  items: readonly Item[],
  run: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      values[at] = await run(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  return values;
}
