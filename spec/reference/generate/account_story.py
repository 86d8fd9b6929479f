"""One account from sign-up to recovery, each append checked by the reference as it is made."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import account
import keys
import sharing
import statements
from generate.people import START, drawn
from generate.seeded import seeded
from primitives import cbor, ed25519

VAULT = seeded("account/vault")
EXPORT_KEY, DEVICE_SECRET = seeded("account/export", 64), seeded("account/device secret", 16)
ENTROPY, PRF = seeded("account/phrase"), seeded("account/prf")


@dataclass(frozen=True)
class Device:
    name: str
    suite: int

    @property
    def root(self) -> bytes:
        return seeded(f"account/{self.name}")

    @property
    def id(self) -> bytes:
        return seeded(f"account/{self.name}/id", 16)

    @property
    def seed(self) -> bytes:
        return account.device_seed(self.root, "sign-seed", "account")

    def kem_seed(self, _: bytes) -> bytes:
        return account.device_seed(self.root, "kem-seed", "account")

    def public(self, handle: bytes) -> dict[str, Any]:
        kem = sharing.public_of(self.suite, self.kem_seed(handle))
        return {
            "id": self.id,
            "sign": ed25519.public_key(self.seed),
            "suite": self.suite,
            "kem": kem,
        }


@dataclass(frozen=True)
class Way:
    """A way to unlock; its key pair is of one account."""

    kind: str
    secret: bytes
    number: int = 1
    suite: int = 2

    @property
    def id(self) -> bytes:
        return seeded(f"account/{self.kind}/{self.number}", 16)

    def kem_seed(self, handle: bytes) -> bytes:
        return account.unlock_seed(self.kind, self.secret, handle)

    def public(self, handle: bytes) -> dict[str, Any]:
        kem = sharing.public_of(self.suite, self.kem_seed(handle))
        return {"id": self.id, "kind": self.kind, "suite": self.suite, "kem": kem}


@dataclass(frozen=True)
class Root:
    """An account root as a signer: what is left when no device is."""

    number: int

    @property
    def bytes(self) -> bytes:
        return seeded(f"account/root/{self.number}")

    @property
    def seed(self) -> bytes:
        return keys.derive(self.bytes, "root-sign-seed")

    @property
    def key(self) -> bytes:
        return account.root_key(self.bytes)


LAPTOP, PHONE, TABLET, STRANGER = (
    Device("laptop", 2),
    Device("phone", 1),
    Device("tablet", 2),
    Device("stranger", 2),
)
PHRASE, PASSKEY = Way("phrase", ENTROPY), Way("passkey", PRF)
PASSWORD = Way("password", account.password_secret(EXPORT_KEY, DEVICE_SECRET))
PASSWORD2 = Way("password", seeded("account/password/2"), 2)
PASSWORD3 = Way("password", seeded("account/password/3"), 3)
ROOTS = [Root(number) for number in (1, 2, 3, 4)]
Signer = Device | Root


class Builder:
    """Links of one append on top of an account, signed and not yet judged."""

    def __init__(self, before: account.Account, signer: Signer, handle: bytes) -> None:
        self.before, self.signer, self.handle = before, signer, handle
        self.links: list[bytes] = []
        self.length, self.head = before.length, before.head

    def link(self, type_: str, **fields: Any) -> "Builder":
        time = START + 60_000 * self.length
        usual = {"seq": self.length, "prev": self.head, "time": time}
        signed = statements.sign(f"account/{type_}", self.signer.seed, usual | fields)
        return self.raw(signed)

    def raw(self, signed: bytes) -> "Builder":
        self.links.append(signed)
        self.length, self.head = self.length + 1, sharing.sha256(signed).digest()
        self.handle = self.handle or self.head
        return self

    def by(self, signer: Signer) -> "Builder":
        self.signer = signer
        return self

    def genesis(self, device: Device, **changes: Any) -> "Builder":
        fields = {"root": ROOTS[0].key, "salt": seeded("account/salt", 16)}
        return self.link("genesis", **({"device": device.public(b"")} | fields | changes))

    def device(self, op: str, device: Device, **changes: Any) -> "Builder":
        return self.link("device", op=op, device=device.public(self.handle) | changes)

    def unlock(self, op: str, way: Way, **changes: Any) -> "Builder":
        return self.link("unlock", op=op, unlock=way.public(self.handle) | changes)

    def root(self, newest: int, openers: list[Device | Way], **changes: Any) -> "Builder":
        wraps = sorted((self.wrap(newest, o) for o in openers), key=lambda item: item["to"])
        return self.link("root", **({"root": ROOTS[newest - 1].key, "wraps": wraps} | changes))

    def wrap(self, newest: int, opener: Device | Way) -> dict[str, Any]:
        context = account.root_context(self.handle, self.length, opener.id)
        kem = opener.public(self.handle)["kem"]
        randomness = drawn(f"root/{self.length}/{opener.id.hex()}", opener.suite)
        plain = cbor.encode(payload(newest))
        sealed = sharing.wrap(opener.suite, kem, "root", context, plain, randomness)
        return {"to": opener.id, "wrap": sealed}


def payload(newest: int) -> dict[str, Any]:
    roots = [root.bytes for root in ROOTS[:newest]]
    return {"roots": roots, "vault": VAULT, "secret": DEVICE_SECRET}


class Story:
    def __init__(self) -> None:
        self.states = [account.Account()]
        self.appends: list[tuple[str, list[bytes]]] = []

    def on(self, signer: Signer, after: int | None = None) -> Builder:
        before = self.states[-1 if after is None else after]
        return Builder(before, signer, before.handle)

    def add(self, comment: str, built: Builder) -> None:
        self.states.append(account.append(self.states[-1], built.links))
        self.appends.append((comment, built.links))


@cache
def story() -> Story:
    s = Story()
    signed_up = s.on(LAPTOP).genesis(LAPTOP).unlock("add", PHRASE).unlock("add", PASSWORD)
    s.add("sign-up", signed_up.root(1, [LAPTOP, PHRASE, PASSWORD]))
    added = s.on(LAPTOP).device("add", PHONE)
    s.add("a second device, X-Wing", added.root(1, [LAPTOP, PHRASE, PASSWORD, PHONE]))
    changed = s.on(PHONE).unlock("remove", PASSWORD).unlock("add", PASSWORD2)
    s.add("another password", changed.root(2, [LAPTOP, PHRASE, PASSWORD2, PHONE]))
    removed = s.on(LAPTOP).device("remove", PHONE)
    s.add("a device removed", removed.root(3, [LAPTOP, PHRASE, PASSWORD2]))
    back = s.on(ROOTS[2]).device("add", TABLET).device("remove", LAPTOP)
    back.unlock("remove", PASSWORD2).unlock("add", PASSWORD3)
    s.add("recovery, signed by the root", back.root(4, [TABLET, PHRASE, PASSWORD3]))
    return s
