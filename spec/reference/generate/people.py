"""Who acts in the vectors: seeds, keys and handles, all from labels."""

from dataclasses import dataclass
from typing import Any

import keys
import sharing
from generate.seeded import seeded
from primitives import ed25519

START = 1_760_000_000_000  # the time of the first link, in milliseconds


def drawn(label: str, suite: int) -> bytes:
    """The randomness of one encapsulation."""
    return seeded(f"encapsulation/{label}", 64 if suite == 1 else 32)


@dataclass(frozen=True)
class Party:
    """Someone with a signing key and a key pair for wraps."""

    name: str
    suite: int

    @property
    def handle(self) -> bytes:
        return seeded(f"{self.name}/handle", 16)

    @property
    def seed(self) -> bytes:
        return seeded(f"{self.name}/sign")

    @property
    def key(self) -> bytes:
        return ed25519.public_key(self.seed)

    @property
    def kem_seed(self) -> bytes:
        return seeded(f"{self.name}/kem")

    @property
    def kem(self) -> bytes:
        return sharing.public_of(self.suite, self.kem_seed)

    def device(self) -> dict[str, Any]:
        return {"id": self.handle, "sign": self.key, "suite": self.suite, "kem": self.kem}

    def source(self) -> dict[str, Any]:
        return {"source": self.handle, "key": self.key, "suite": self.suite, "kem": self.kem}


PHONE, LAPTOP = Party("phone", 1), Party("laptop", 2)
NORTH, SOUTH = Party("north", 2), Party("south", 1)
CARDIOLOGY, PHYSICIAN = Party("cardiology", 2), Party("physician", 2)
READER, COLLEAGUE = Party("reader", 2), Party("colleague", 1)
AUTHORITY, STRANGER = Party("authority", 2), Party("stranger", 2)

VAULT_ROOT = keys.derive(seeded("patient/account root"), "vault-root")


@dataclass(frozen=True)
class Cell:
    source: Party
    category: str
    generation: int
    suite: int

    @property
    def root(self) -> bytes:
        context = (self.source.handle, self.category, self.generation)
        return keys.derive(VAULT_ROOT, "cell", *context)

    @property
    def handle(self) -> bytes:
        return keys.handle(self.root, "cell-handle")

    @property
    def kem_seed(self) -> bytes:
        return keys.derive(self.root, "cell-kem-seed")

    @property
    def kem(self) -> bytes:
        return sharing.public_of(self.suite, self.kem_seed)

    @property
    def index_key(self) -> bytes:
        return keys.derive(self.root, "cell-index")


@dataclass(frozen=True)
class Scope:
    """`source` is None for the root of the tree."""

    source: Party | None
    category: str
    version: int

    @property
    def node(self) -> bytes:
        return self.source.handle if self.source else b""

    @property
    def index_key(self) -> bytes:
        root = keys.derive(VAULT_ROOT, "scope-node", 1)
        node = keys.derive(root, "scope-node", self.source.handle) if self.source else root
        return keys.derive(node, "scope-index", self.category, self.version)

    @property
    def handle(self) -> bytes:
        return keys.handle(self.index_key, "scope-handle")


def organisation_node(source: Party) -> bytes:
    """The scope node that an organisation is given."""
    return keys.derive(keys.derive(VAULT_ROOT, "scope-node", 1), "scope-node", source.handle)
