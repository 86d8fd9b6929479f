import type { Exchange } from "@salus/client";

/** A request to a service and its answer, as the service saw them. */
export interface SeenExchange extends Exchange {
  /** Ascending from 1. */
  readonly number: number;
  readonly service: "cloud" | "directory";
}

const KEPT_MAX = 200;
const KEPT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * The latest exchanges with the services, so that whoever wonders can be shown what they saw. They last
 * as long as the worker.
 */
export class Exchanges {
  #kept: SeenExchange[] = [];
  #bytes = 0;
  #count = 0;

  note(service: SeenExchange["service"], exchange: Exchange): void {
    this.#count += 1;
    this.#kept.push({ ...exchange, service, number: this.#count });
    this.#bytes += sizeOf(exchange);
    while (this.#kept.length > KEPT_MAX || this.#bytes > KEPT_BYTES_MAX) {
      const oldest = this.#kept.shift();
      if (oldest === undefined) break;
      this.#bytes -= sizeOf(oldest);
    }
  }

  /** Where things are now: what comes after is `since` it. */
  mark(): number {
    return this.#count;
  }

  since(mark: number): readonly SeenExchange[] {
    return this.#kept.filter(({ number }) => number > mark);
  }
}

function sizeOf({ sent, received }: Exchange): number {
  return sent.length + received.length;
}
