import { drawKey, drawSource, KemPair, type Signer } from "@salus/crypto";
import { Digest, type SourceHandle } from "@salus/protocol";
import { newSigner } from "@salus/testkit/asker";

/** A source as the test plays it: it knows everything that the patient does. */
export class TestSource {
  readonly handle: SourceHandle = drawSource();
  readonly signer: Signer = newSigner();
  readonly kem: KemPair = new KemPair(drawKey("kem-seed"), 2);
  number = 0;
  prev: Digest = Digest.of(new Uint8Array(32));
}
