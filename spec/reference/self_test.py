"""The primitives against answers typed from their standards, then against published vectors.

    python3 spec/reference/self_test.py
"""

import sys

sys.dont_write_bytecode = True

import unittest  # noqa: E402
from hashlib import sha256  # noqa: E402

from primitives import aes, cbor, ed25519, gcm, hkdf, hpke, merkle, padme, xwing  # noqa: E402
from primitives import ristretto, voprf  # noqa: E402
from primitives.x25519 import BASE, x25519  # noqa: E402
from published_vectors import Published  # noqa: E402, F401

b = bytes.fromhex


class Symmetric(unittest.TestCase):
    def test_aes(self) -> None:
        """FIPS 197, appendix C.1 and C.3."""
        block = b("00112233445566778899aabbccddeeff")
        answers = {
            16: "69c4e0d86a7b0430d8cdb78070b4c55a",
            32: "8ea2b7ca516745bfeafc49904b496089",
        }
        for length, answer in answers.items():
            self.assertEqual(aes.AES(bytes(range(length))).encrypt(block).hex(), answer)

    def test_gcm(self) -> None:
        """The test cases 4, 13 and 14 of the specification that SP 800-38D adopts."""
        empty = gcm.seal(bytes(32), bytes(12), b"")
        self.assertEqual(empty.hex(), "530f8afbc74536b9a963b4f1c4cb738b")
        zero = gcm.seal(bytes(32), bytes(12), bytes(16))
        answer = "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"
        self.assertEqual(zero.hex(), answer)
        key, nonce = b("feffe9928665731c6d6a8f9467308308"), b("cafebabefacedbaddecaf888")
        plain = b(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        )
        associated = b("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        sealed = gcm.seal(key, nonce, plain, associated)
        answer = (
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
            "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
            "5bc94fbc3221a5db94fae95ae7121a47"
        )
        self.assertEqual(sealed.hex(), answer)
        self.assertEqual(gcm.open_sealed(key, nonce, sealed, associated), plain)
        self.assertIsNone(gcm.open_sealed(key, nonce, sealed, b""))

    def test_hkdf(self) -> None:
        """RFC 5869, appendix A.1."""
        key = hkdf.extract(bytes(range(13)), b"\x0b" * 22)
        answer = "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
        self.assertEqual(key.hex(), answer)
        answer = (
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        )
        self.assertEqual(hkdf.expand(key, bytes(range(0xF0, 0xFA)), 42).hex(), answer)


class Curve(unittest.TestCase):
    def test_x25519(self) -> None:
        """RFC 7748, §5.2: both vectors, and the first iteration."""
        scalar = b("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
        point = b("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
        answer = "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
        self.assertEqual(x25519(scalar, point).hex(), answer)
        scalar = b("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d")
        point = b("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")
        answer = "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
        self.assertEqual(x25519(scalar, point).hex(), answer)
        answer = "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
        self.assertEqual(x25519(BASE, BASE).hex(), answer)

    def test_ed25519(self) -> None:
        """RFC 8032, §7.1, tests 1 to 3."""
        tests = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            ),
            (
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
            ),
        ]
        for seed, public, message, signature in tests:
            self.assertEqual(ed25519.public_key(b(seed)).hex(), public)
            self.assertEqual(ed25519.sign(b(seed), b(message)).hex(), signature)
            self.assertIsNone(ed25519.verify(b(public), b(message), b(signature)))


class ObliviousFunction(unittest.TestCase):
    def test_ristretto(self) -> None:
        """RFC 9496, appendix A.1 and A.3: a multiple of the base, a bad encoding, a derived element."""
        twice = ristretto.encode(ristretto.multiply(2, ed25519.BASE))
        answer = "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919"
        self.assertEqual(twice.hex(), answer)
        self.assertEqual(ristretto.encode(ristretto.decode(twice)), twice)
        self.assertIsNone(ristretto.decode(b("01" + "00" * 31)))
        self.assertIsNone(ristretto.decode(b("ff" * 32)))
        uniform = b(
            "5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1"
            "4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6"
        )
        answer = "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"
        self.assertEqual(ristretto.encode(ristretto.from_uniform(uniform)).hex(), answer)

    def test_voprf(self) -> None:
        """RFC 9497, appendix A.1.2.1."""

        def scalar(text: str) -> int:
            return int.from_bytes(b(text), "little")

        key = scalar("e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909")
        public = voprf.public_of(key)
        answer = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
        self.assertEqual(public.hex(), answer)
        blind = scalar("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")
        blinded = voprf.blind(b"\0", blind)
        answer = "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"
        self.assertEqual(blinded.hex(), answer)
        nonce = scalar("222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e")
        evaluated, proof = voprf.evaluate(key, [blinded], nonce)
        answer = "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"
        self.assertEqual(evaluated[0].hex(), answer)
        answer = (
            "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
            "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d"
        )
        self.assertEqual(proof.hex(), answer)
        self.assertTrue(voprf.verifies(public, [blinded], evaluated, proof))
        output = voprf.finalize(b"\0", blind, evaluated[0])
        self.assertEqual(output.hex()[:32], "b58cfbe118e0cb94d79b5fd6a6dafb98")


class KeyEncapsulation(unittest.TestCase):
    def test_hpke(self) -> None:
        """RFC 9180, appendix A.1.1."""
        scalar = hpke.derive_ephemeral(
            b("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234")
        )
        public = b("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d")
        shared, enc = hpke.encapsulate(hpke.X25519, public, scalar)
        answer = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
        self.assertEqual(enc.hex(), answer)
        info = b("4f6465206f6e2061204772656369616e2055726e")
        key, nonce = hpke.key_schedule(hpke.X25519, hpke.AES_128_GCM, shared, info)
        plain = b("4265617574792069732074727574682c20747275746820626561757479")
        answer = (
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
            "6d8770ac83d07bea87e13c512a"
        )
        self.assertEqual(gcm.seal(key, nonce, plain, b"Count-0").hex(), answer)

    def test_xwing(self) -> None:
        """draft-connolly-cfrg-xwing-kem-08, appendix C, first vector; the long ones by digest."""
        seed = b("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26")
        randomness = b(
            "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
            "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"
        )
        public = xwing.public_of(seed)
        answer = "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb"
        self.assertEqual(sha256(public).hexdigest(), answer)
        shared, enc = xwing.encapsulate(public, randomness)
        answer = "17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33"
        self.assertEqual(sha256(enc).hexdigest(), answer)
        answer = "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"
        self.assertEqual(shared.hex(), answer)
        self.assertEqual(xwing.decapsulate(seed, enc), shared)


class Encoding(unittest.TestCase):
    def test_cbor(self) -> None:
        """RFC 8949, appendix A: what of it this profile has."""
        answers: dict[str, object] = {
            "1903e8": 1000,
            "1b000000e8d4a51000": 10**12,
            "62c3bc": "ü",
            "f4": False,
            "8301820203820405": [1, [2, 3], [4, 5]],
            "a26161016162820203": {"a": 1, "b": [2, 3]},
        }
        for text, value in answers.items():
            self.assertEqual(cbor.encode(value).hex(), text)
            self.assertEqual(cbor.decode(b(text)), value)

    def test_merkle(self) -> None:
        """The tree of eight leaves that the certificate-transparency project publishes."""
        leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
        leaves.append("606162636465666768696a6b6c6d6e6f")
        root = merkle.tree_hash([b(leaf) for leaf in leaves])
        answer = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        self.assertEqual(root.hex(), answer)

    def test_padme(self) -> None:
        """At most 12 percent more, and the same for what is near."""
        sizes = {0: 0, 1: 1, 8: 8, 9: 10, 10: 10, 65_537: 67_584}
        self.assertEqual({n: padme.padme(n) for n in sizes}, sizes)
        for n in range(1, 5000):
            self.assertTrue(n <= padme.padme(n) <= n * 1.12 + 1)


if __name__ == "__main__":
    unittest.main()
