"""Write vectors/*.json, or with --check compare them. Two runs give the same bytes."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

FORMATS = [
    "keys-v1",
    "ordered-index-v1",
    "sealed-index-v1",
    "tags-v1",
    "envelope-v1",
    "statements-v1",
    "sharing-v1",
    "chain-v1",
    "approval-v1",
    "provider-v1",
    "requests-v1",
    "account-v1",
    "batch-v1",
    "log-v1",
    "canonical-v1",
    "discovery-v1",
]
VECTORS = Path(__file__).resolve().parents[2] / "vectors"


WIDTH = 100


def layout(value: Any, depth: int = 0) -> str:
    """JSON in which whatever fits on a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + depth <= WIDTH or not isinstance(value, (dict, list)):
        return line
    if isinstance(value, list):
        parts = [layout(item, depth + 1) for item in value]
    else:
        parts = [f"{json.dumps(key)}: {layout(item, depth + 1)}" for key, item in value.items()]
    inner = (",\n" + " " * (depth + 1)).join(parts)
    start, end = "[]" if isinstance(value, list) else "{}"
    return f"{start}\n{' ' * (depth + 1)}{inner}\n{' ' * depth}{end}"


def text(name: str) -> str:
    module = importlib.import_module("generate." + name.replace("-", "_"))
    return layout({"format": name} | module.vectors()) + "\n"


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    chosen = [name for name in arguments if name != "--check"] or FORMATS
    different = []
    for name in chosen:
        path, wanted = VECTORS / f"{name}.json", text(name)
        if path.is_file() and path.read_text("utf-8") == wanted:
            continue
        different.append(name)
        if not check:
            path.write_text(wanted, "utf-8")
    if check:
        different += sorted({p.stem for p in VECTORS.glob("*.json")} - set(FORMATS))
    for name in different:
        print(("differs: " if check else "written: ") + name)
    return 1 if check and different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
