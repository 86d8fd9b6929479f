"""Who is a practitioner: paths with standing and attestations. Source: spec/sharing.md §5."""

from hashlib import sha256
from typing import Any

from fault import Fault
from statements import read

RANK = {"organisation": 0, "department": 1, "physician": 2, "device": 3}


def standing(statuses: list[bytes], certificate: bytes, above: list[bytes], at: int) -> str:
    """Give good, suspended or left: the newest word of those above, `left` for good."""
    said = []
    for signed in statuses:
        fields, signer = read(signed, "certificate/status")
        if fields["certificate"] == certificate and signer in above and fields["time"] <= at:
            said.append(fields)
    said.sort(key=lambda fields: fields["seq"])
    if any(fields["status"] == "left" for fields in said):
        return "left"
    if [fields["seq"] for fields in said] != list(range(1, len(said) + 1)):
        return "suspended"
    return "suspended" if said and said[-1]["status"] == "suspended" else "good"


def check_practitioner(
    certificates: list[bytes],
    attestations: list[bytes],
    statuses: list[bytes],
    key: bytes,
    policy: dict[str, Any],
    now: int,
) -> list[str]:
    """Give the nodes from the organisation down, or refuse. `policy`: registries, authorities, threshold."""
    path = [_read(signed) for signed in certificates]
    if not any(fields["role"] == "physician" for fields, _ in path):
        raise Fault("certificate-path", "no physician")
    top = path[0][0]
    if top["issuer"] not in policy["registries"] or top["role"] != "organisation" or top["parent"]:
        raise Fault("certificate-path", "organisation")
    for (above, _), (fields, _) in zip(path, path[1:]):
        follows = (
            fields["issuer"] == above["subject"]
            and fields["parent"] == above["node"]
            and RANK[fields["role"]] > RANK[above["role"]]
        )
        same = above["role"] == "physician" and all(
            fields[name] == above[name] for name in ("node", "name")
        )
        if not follows or (fields["role"] == "device" and not same):
            raise Fault("certificate-path")
    if path[-1][0]["subject"] != key:
        raise Fault("certificate-path", "another key at the end")
    if any(not fields["notBefore"] <= now <= fields["expires"] for fields, _ in path):
        raise Fault("certificate-expired")
    above_all = list(policy["registries"])
    for fields, digest in path:
        above_all.append(fields["issuer"])
        if standing(statuses, digest, above_all, now) != "good":
            raise Fault("certificate-suspended")
    physician = next(each for each in path if each[0]["role"] == "physician")
    check_attested(physician, attestations, policy, now)
    return [fields["node"] for fields, _ in path if fields["role"] != "device"]


def _read(signed: bytes) -> tuple[dict[str, Any], bytes]:
    fields, signer = read(signed, "certificate")
    if fields["issuer"] != signer:
        raise Fault("wrong-key", "not signed by its issuer")
    return fields, sha256(signed).digest()


def check_attested(
    physician: tuple[dict[str, Any], bytes],
    attestations: list[bytes],
    policy: dict[str, Any],
    now: int,
) -> None:
    """Enough different authorities say so, now; `attestation-expired` where only time is amiss."""
    fields, digest = physician
    ever, valid = set(), set()
    for signed in attestations:
        try:
            said, signer = read(signed, "attestation")
        except Fault:
            continue
        if said["certificate"] != digest or said["subject"] != fields["subject"]:
            continue
        if signer in policy["authorities"]:
            ever.add(signer)
            if said["notBefore"] <= now <= said["expires"]:
                valid.add(signer)
    if len(valid) < policy["threshold"]:
        enough = len(ever) >= policy["threshold"]
        raise Fault("attestation-expired" if enough else "key-unattested")
