"""Write vectors/account-v1.json: keys, one account's story, and appends that are refused."""

from hashlib import sha256
from typing import Any

import account
import keys
import sharing
import statements
from generate import account_story as s
from generate.account_faults import faults
from primitives import cbor

LOGINS = ["ada@example.org", "  Ada@Example.ORG ", "ＡＤＡ", "Straße", "ﬁnn"]


def shown(after: int) -> dict[str, Any]:
    state = s.story().states[after]
    statuses = {
        name: {id_.hex(): entry["status"] for id_, entry in getattr(state, name).items()}
        for name in ("devices", "unlocks")
    }
    roots = [key.hex() for key in state.roots]
    return {"after": after, "head": state.head.hex()} | statuses | {"roots": roots}


def wraps() -> list[dict[str, Any]]:
    """Every wrap of two appends, opened again with the seed that it was sealed to."""
    found = []
    for at, openers, newest in ((2, [s.LAPTOP, s.PHRASE, s.PASSWORD, s.PHONE], 1),
                                (5, [s.TABLET, s.PHRASE, s.PASSWORD3], 4)):
        state = s.story().states[at]
        for opener in openers:
            context = account.root_context(state.handle, state.length - 1, opener.id)
            seed, wrapped = opener.kem_seed(state.handle), state.wraps[opener.id]
            plain = sharing.unwrap(wrapped, opener.suite, seed, "root", context)
            assert account.read_roots(plain) == s.payload(newest)
            found.append(
                {
                    "after": at,
                    "to": opener.id.hex(),
                    "suite": opener.suite,
                    "seed": seed.hex(),
                    "seq": state.length - 1,
                    "plain": plain.hex(),
                }
            )
    return found


def derived() -> dict[str, Any]:
    handle, root = s.story().states[1].handle, s.ROOTS[0].bytes
    faces = ("account", "vault", "practitioner")
    return {
        "faces": [
            {"face": face, "purpose": purpose,
             "key": account.device_seed(s.LAPTOP.root, purpose, face).hex()}
            for face in faces
            for purpose in ("sign-seed", "kem-seed")
        ],
        "deviceRoot": s.LAPTOP.root.hex(),
        "accountRoot": root.hex(),
        "ofRoot": {
            purpose: keys.derive(root, purpose).hex()
            for purpose in ("root-sign-seed", "mailbox-sign-seed", "mailbox-kem-seed", "vault-root")
        },
        "rootKey": account.root_key(root).hex(),
        "exportKey": s.EXPORT_KEY.hex(),
        "deviceSecret": s.DEVICE_SECRET.hex(),
        "deviceSecretText": account.device_secret_text(s.DEVICE_SECRET),
        "entropy": s.ENTROPY.hex(),
        "prf": s.PRF.hex(),
        "prfSalt": sha256(keys.join(b"salus/prf", handle)).hexdigest(),
        "unlock": {
            way.kind: way.kem_seed(handle).hex() for way in (s.PASSWORD, s.PHRASE, s.PASSKEY)
        },
        "recoveryTag": account.recovery_tag(s.ENTROPY).hex(),
        "logins": [{"login": name, "tag": account.login_tag(name).hex()} for name in LOGINS],
    }


def vectors() -> dict[str, Any]:
    story = s.story()
    return {
        "spec": "spec/accounts.md",
        "source": "spec/reference/account.py",
        "note": "`after` counts the valid appends that came before.",
        "account": story.states[1].handle.hex(),
        "keys": derived(),
        "valid": [
            {
                "comment": why,
                "types": [statements.parse(link)[0] for link in links],
                "links": [link.hex() for link in links],
            }
            for why, links in story.appends
        ],
        "states": [shown(after) for after in range(1, len(story.states))],
        "wraps": wraps(),
        "roots": [
            {"plain": cbor.encode(value).hex(), "ok": fits}
            for value, fits in (
                (s.payload(2), True),
                (s.payload(1) | {"vault": b""}, True),
                (s.payload(1) | {"vault": bytes(16)}, False),
                (s.payload(1) | {"roots": []}, False),
                (s.payload(1) | {"roots": [bytes(31)]}, False),
                (s.payload(1) | {"secret": b""}, False),
                ({"roots": [bytes(32)], "vault": b""}, False),
            )
        ],
        "invalid": faults(),
    }
