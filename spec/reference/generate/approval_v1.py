"""Write vectors/approval-v1.json: appends with approvals, and appends that are refused."""

from typing import Any

import chain
import chain_rules
from fault import Fault
from generate import approval_story as s
from generate.people import LAPTOP, NORTH, START

# How many appends stand before.
BEGUN, APPROVED, EXTENDED = 1, 2, 3
ENDED = 10
Links = tuple[tuple[str, dict[str, Any]], ...]


def shown(state: chain_rules.State) -> dict[str, Any]:
    return {
        "head": state.head.hex(),
        "grants": {handle.hex(): entry["status"] for handle, entry in state.grants.items()},
        "approvals": {
            request.hex(): {
                "digest": entry["digest"].hex(),
                "grants": [grant.hex() for grant in entry["grants"]],
            }
            for request, entry in state.approvals.items()
        },
        "trail": state.trail["kem"].hex() if state.trail else None,
        "policy": state.policy,
    }


def faults() -> dict[str, tuple[int, Links]]:
    vault = s.story().states[1].vault
    north = s.grant(vault, "n", [s.N_LAB, s.N_VITALS], [s.N_SCOPE])
    west = s.grant(vault, "w", [s.W_LAB], [])
    both, trail = s.approval("n", "w"), ("trail", {"suite": 2, "kem": LAPTOP.kem})
    another = s.grant(vault, "w", [s.W_LAB], [], request=s.SECOND)
    none = s.grant(vault, "w", [s.W_LAB], [], request=b"")
    named = s.approval("x", request=s.handle("north"))
    as_request = ("grant", north[1] | {"grant": s.FIRST})
    many = s.approval(*(f"many {n}" for n in range(241)))
    return {
        "a request approved again": (APPROVED, (s.approval("x"),)),
        "a request with the name of a grant": (APPROVED, (named,)),
        "a grant with the name of a request": (APPROVED, (as_request,)),
        "an approval alone": (BEGUN, (both,)),
        "an append that ends before the last grant": (BEGUN, (both, north)),
        "the grants in another order": (BEGUN, (both, west, north)),
        "something between": (BEGUN, (both, north, trail, west)),
        "an approval within another": (
            BEGUN,
            (both, north, s.approval("x", request=s.SECOND), west),
        ),
        "a grant that is not listed": (BEGUN, (s.approval("n"), west)),
        "a listed grant of another request": (BEGUN, (both, north, another)),
        "a listed grant of no request": (BEGUN, (both, north, none)),
        "a grant listed twice": (BEGUN, (s.approval("n", "n"), north, north)),
        "a grant of a request that nobody approved": (BEGUN, (west,)),
        "an approval of no grants": (BEGUN, (s.approval(),)),
        "an approval of 241 grants": (BEGUN, (many,)),
        "a trail key that does not fit its suite": (
            BEGUN,
            (("trail", {"suite": 1, "kem": LAPTOP.kem}),),
        ),
        "an index policy that is not newer": (BEGUN, (("policy", {"policyVersion": 1}),)),
        **_replacements(vault),
        **_proxies(vault),
    }


def _replacements(vault: bytes) -> dict[str, tuple[int, Links]]:
    same = s.grant(vault, "x", [s.N_LAB], [s.N_SCOPE])
    end = s.revoke("north")

    def wide(cells: list[Any], scopes: list[Any], **changes: Any) -> tuple[int, Links]:
        return APPROVED, (s.grant(vault, "x", cells, scopes, **changes), end)

    trail = ("trail", {"suite": 2, "kem": LAPTOP.kem})
    narrowed = 4
    return {
        "a further grant that ends none": (APPROVED, (same,)),
        "a further grant, and something else": (APPROVED, (same, trail, end)),
        "a further grant that ends itself": (APPROVED, (same, s.revoke("x"))),
        "a further grant that ends one that was revoked": (EXTENDED, (same, end)),
        "a further grant that ends an unknown one": (APPROVED, (same, s.revoke("nothing"))),
        "a further grant to another device": wide([s.N_LAB], [], to=s.OTHER),
        "a further grant of another purpose": wide([s.N_LAB], [], purpose="HRESCH"),
        "a further grant with another cell": (
            APPROVED,
            (s.grant(vault, "x", [s.W_LAB, s.N_VITALS], []), s.revoke("west")),
        ),
        "a further grant with another source": wide(
            [s.N_LAB], [], sources=sorted([NORTH.handle, s.WEST.handle])
        ),
        "a further grant with another scope": (
            APPROVED,
            (s.grant(vault, "x", [s.W_LAB], [s.ROOT]), s.revoke("west")),
        ),
        "a further grant for another period": (
            narrowed,
            (
                s.grant(vault, "x", [s.N_LAB], [], period=[START - 1, START + s.DAY]),
                s.revoke("north, less"),
            ),
        ),
        "a further grant for all time": (
            narrowed,
            (s.grant(vault, "x", [s.N_LAB], []), s.revoke("north, less")),
        ),
        "a further grant of another request": (
            6,
            (
                s.grant(vault, "x", [s.N_LAB], [], request=s.SECOND),
                s.revoke("north, less"),
            ),
        ),
    }


def _proxies(vault: bytes) -> dict[str, tuple[int, Links]]:
    before = s.story().states[BEGUN].length
    late = START + 60_000 * before + 366 * s.DAY + 1
    return {
        f"a proxy by {purpose} for longer than 366 days": (
            BEGUN,
            (
                s.grant(
                    vault, "x", [s.N_LAB], [], request=b"", purpose=purpose, expires=late
                ),
            ),
        )
        for purpose in ("FAMRQT", "PWATRNY")
    }


def _case(why: str, after: int, links: Links) -> dict[str, Any]:
    state = s.story().states[after]
    made = s.sign_after(state.length, state.head, links)
    try:
        chain.append_all(state, made)
    except Fault as fault:
        signed = [each.hex() for each in made]
        return {"comment": why, "after": after, "links": signed, "error": fault.kind}
    raise AssertionError(why)


def vectors() -> dict[str, Any]:
    story = s.story()
    assert len(story.states) == ENDED + 1
    return {
        "spec": "spec/requests.md",
        "source": "spec/reference/chain_rules.py",
        "note": "Each case is one append; `after` counts the valid appends before it.",
        "vault": story.states[-1].vault.hex(),
        "valid": [
            {"comment": why, "links": [link.hex() for link in links], "state": shown(state)}
            for (why, links), state in zip(story.appends, story.states[1:])
        ],
        "invalid": [_case(why, *case) for why, case in faults().items()],
    }
