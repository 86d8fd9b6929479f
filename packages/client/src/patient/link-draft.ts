import type { Bytes } from "@salus/base";
import { type LinkFields, nextSeq, type Signer, signLink } from "@salus/crypto";
import type { ChainHead, LinkType } from "@salus/protocol";

/** Links that a device is about to append, each signed on top of the one before. */
export class LinkDraft {
  readonly #signer: Signer;
  readonly #links: Bytes[] = [];
  readonly #time: number;
  #head: ChainHead;

  constructor(signer: Signer, head: ChainHead, time: number) {
    this.#signer = signer;
    this.#head = head;
    this.#time = time;
  }

  get links(): readonly Bytes[] {
    return this.#links;
  }

  /** The number of the next link: a delivery is bound to it. */
  get seq(): number {
    return nextSeq(this.#head);
  }

  add<T extends LinkType>(type: T, fields: LinkFields<T>): void {
    const link = signLink(this.#signer, type, this.#head, this.#time, fields);
    this.#links.push(link.signed);
    this.#head = link.head;
  }
}
