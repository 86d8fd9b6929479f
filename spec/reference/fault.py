"""The one exception of the reference: a refusal, told apart by its kind as in the pages."""


class Fault(Exception):
    def __init__(self, kind: str, why: str = "", **carried: object) -> None:
        super().__init__(f"{kind}: {why}")
        self.kind = kind
        self.carried = carried
