"""The patient's chain. Source: spec/chain.md §2; the rule of each type is in chain_rules.py."""

import copy
from hashlib import sha256

from chain_rules import RULES, State, is_due
from fault import Fault
from statements import parse, read


def append(before: State, signed: bytes) -> State:
    """Give the state after one more link; a refused link changes nothing."""
    state, type_ = copy.deepcopy(before), parse(signed)[0]
    if (type_ == "chain/genesis") != (state.length == 0) or type_ not in RULES:
        raise Fault("wrong-type", type_)
    link, signer = read(signed, type_)
    if link["seq"] != state.length:
        raise Fault("chain-gap")
    if link["prev"] != state.head:
        raise Fault("chain-fork")
    signers = [e["device"]["sign"] for e in state.devices.values() if e["status"] == "live"]
    if signer not in (signers or [link["device"]["sign"]]):
        raise Fault("unknown-device")
    if not is_due(state, type_, link):
        raise Fault("chain-fields", "something else is due")
    RULES[type_](state, link)
    state.length, state.head = state.length + 1, sha256(signed).digest()
    state.vault = state.vault or state.head
    return state


def append_all(before: State, links: list[bytes]) -> State:
    """Give the state after an append, which ends with nothing due."""
    state = before
    for signed in links:
        state = append(state, signed)
    if state.due:
        raise Fault("chain-fields", "the append ends too early")
    return state
