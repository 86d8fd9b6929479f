"""The primitives against published vectors, where they are at hand.

They are not part of this repository: $SALUS_SHARED, or `shared` beside the checkout, has them.
"""

import gzip
import json
import os
import unittest
from pathlib import Path
from typing import Any

from primitives import ed25519, gcm, hkdf, hpke, mlkem
from primitives.x25519 import x25519

BESIDE = Path(__file__).resolve().parents[3] / "shared"
VECTORS = Path(os.environ.get("SALUS_SHARED", BESIDE)) / "data" / "vectors"
b = bytes.fromhex


def load(name: str) -> Any:
    text = (VECTORS / name).read_bytes()
    return json.loads(gzip.decompress(text) if name.endswith(".gz") else text)


def tests(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(group, test) of a Wycheproof file."""
    groups = load(f"wycheproof/{name}_test.json.gz")["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


@unittest.skipUnless(VECTORS.is_dir(), f"no published vectors in {VECTORS}")
class Published(unittest.TestCase):
    def test_gcm(self) -> None:
        for group, test in tests("aes_gcm"):
            if (group["ivSize"], group["tagSize"]) == (96, 128) and group["keySize"] != 192:
                sealed = b(test["ct"] + test["tag"])
                plain = gcm.open_sealed(b(test["key"]), b(test["iv"]), sealed, b(test["aad"]))
                self.assertEqual(plain == b(test["msg"]), test["result"] == "valid", test["tcId"])

    def test_hkdf(self) -> None:
        for _, test in tests("hkdf_sha256"):
            if test["result"] == "valid":
                key = hkdf.extract(b(test["salt"]), b(test["ikm"]))
                self.assertEqual(hkdf.expand(key, b(test["info"]), test["size"]).hex(), test["okm"])

    def test_x25519(self) -> None:
        for _, test in tests("x25519"):
            self.assertEqual(x25519(b(test["private"]), b(test["public"])).hex(), test["shared"])

    def test_ed25519(self) -> None:
        for group, test in tests("ed25519"):
            key = b(group["publicKey"]["pk"])
            kind = ed25519.verify(key, b(test["msg"]), b(test["sig"]))
            self.assertEqual(kind is None, test["result"] == "valid", test["tcId"])

    def test_ed25519_edge_cases(self) -> None:
        """Of the vectors on which verifiers disagree only the one without an edge is accepted."""
        accepted = [
            test["flags"]
            for test in load("cctv-ed25519/ed25519vectors.json")
            if ed25519.verify(b(test["key"]), test["msg"].encode(), b(test["sig"])) is None
        ]
        self.assertEqual(accepted, [None])

    def test_mlkem(self) -> None:
        for _, test in tests("mlkem_768"):
            with self.subTest(test["tcId"]):
                if test["result"] == "valid":
                    public, private = mlkem.generate(b(test["seed"])[:32], b(test["seed"])[32:])
                    self.assertEqual(public.hex(), test["ek"])
                    self.assertEqual(mlkem.decapsulate(private, b(test["c"])).hex(), test["K"])
                else:
                    self.assertRaises(ValueError, self._decapsulate, test)

    def _decapsulate(self, test: dict[str, Any]) -> None:
        seed = b(test["seed"])
        if len(seed) != 64:
            raise ValueError("not a seed")
        mlkem.decapsulate(mlkem.generate(seed[:32], seed[32:])[1], b(test["c"]))

    def test_hpke(self) -> None:
        for test in load("rfc/rfc9180-hpke-x25519-base.json.gz"):
            if test["aead_id"] in hpke.AEAD_KEY_BYTES:
                private, enc, info = b(test["skRm"]), b(test["enc"]), b(test["info"])
                shared = hpke.decapsulate(hpke.X25519, private, enc)
                key, nonce = hpke.key_schedule(hpke.X25519, test["aead_id"], shared, info)
                self.assertEqual((key.hex(), nonce.hex()), (test["key"], test["base_nonce"]))
