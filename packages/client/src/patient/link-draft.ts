import { assert, type Bytes } from "@salus/base";
import { type AnyLinkType, type LinkFields, nextSeq, type Signer, signLink } from "@salus/crypto";
import { type ChainHead, LIMITS } from "@salus/protocol";

/** Of the links of one request, whose body is a little longer. */
const BYTES_MAX = LIMITS.bodyBytes - LIMITS.linkBytes;

/** Links that a device is about to append, each signed on top of the one before. */
export class LinkDraft {
  readonly #signer: Signer;
  /** Links that stand or fall together, in lists. */
  readonly #groups: Bytes[][] = [];
  readonly #time: number;
  #head: ChainHead | undefined;

  /** Takes:   `head`, that of the chain; none for a new one. */
  constructor(signer: Signer, head: ChainHead | undefined, time: number) {
    this.#signer = signer;
    this.#head = head;
    this.#time = time;
  }

  get links(): readonly Bytes[] {
    return this.#groups.flat();
  }

  /** The number of the next link: a delivery is bound to it. */
  get seq(): number {
    return nextSeq(this.#head);
  }

  /** Takes: `joined`, for a link that must be in one append with the one before. */
  add<T extends AnyLinkType>(type: T, fields: LinkFields<T>, joined = false): void {
    const link = signLink(this.#signer, type, this.#head, this.#time, fields);
    const last = this.#groups.at(-1);
    assert(!joined || last !== undefined, "a first link has none before");
    if (joined && last !== undefined) last.push(link.signed);
    else this.#groups.push([link.signed]);
    this.#head = link.head;
  }

  /** The links in as few appends of at most so many, and so many bytes, as keep together what is one thing. */
  appends(max: number, bytesMax: number = BYTES_MAX): readonly (readonly Bytes[])[] {
    const lists: Bytes[][] = [];
    let size = 0;
    for (const group of this.#groups) {
      assert(group.length <= max, "what stands together fits an append");
      const more = group.reduce((sum, { length }) => sum + length, 0);
      const last = lists.at(-1);
      const fits =
        last !== undefined && last.length + group.length <= max && size + more <= bytesMax;
      if (fits) last.push(...group);
      else lists.push([...group]);
      size = fits ? size + more : more;
    }
    return lists;
  }
}
