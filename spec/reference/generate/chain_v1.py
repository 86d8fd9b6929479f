"""Write vectors/chain-v1.json: one story, and links that are refused at some point of it."""

from hashlib import sha256
from typing import Any

import chain_rules
import statements
from generate import story as s
from generate.chain_faults import faults


def known(entry: dict[str, Any]) -> dict[str, Any]:
    """What a reader knows of a cell or scope; `owner` is its source or node."""
    shown = {name: entry[name] for name in ("status", "generation", "version") if name in entry}
    shown["owner"] = entry["owner"].hex()
    return shown | ({"successor": entry["successor"].hex()} if "successor" in entry else {})


def shown(after: int) -> dict[str, Any]:
    state: chain_rules.State = s.story().states[after]
    plain = {
        name: {handle.hex(): entry["status"] for handle, entry in getattr(state, name).items()}
        for name in ("devices", "sources", "grants")
    }
    owned = {
        name: {handle.hex(): known(entry) for handle, entry in getattr(state, name).items()}
        for name in ("cells", "scopes")
    }
    return {"after": after, "head": state.head.hex()} | plain | owned


def vectors() -> dict[str, Any]:
    story = s.story()
    return {
        "spec": "spec/chain.md",
        "source": "spec/reference/chain.py",
        "note": "`after` counts the valid links that were appended before.",
        "vault": story.state.vault.hex(),
        "valid": [
            {
                "comment": why,
                "type": statements.parse(signed)[0],
                "signed": signed.hex(),
                "hash": sha256(signed).hexdigest(),
            }
            for why, signed in story.links
        ],
        "states": [shown(n) for n in (1, s.BEGUN, s.GRANTED, s.REVOKED, s.SUCCEEDED, s.ENDED)],
        "invalid": faults(),
    }
