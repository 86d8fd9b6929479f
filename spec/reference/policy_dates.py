"""Dates of the index policy. Source: spec/policy.md §4."""

import re
from datetime import date

from fault import Fault

DAY, MINUTE, SECOND = 86_400_000, 60_000, 1000
TEXT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+ -]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
# Milliseconds since 1970; None is unbounded.
Bound = int | None
Range = tuple[Bound, Bound]


def days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01."""
    try:
        return date(year, month, day).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError as why:
        raise Fault("bad-date", str(why)) from why


def date_range(text: str, search: bool = False) -> tuple[int, int]:
    """The closed range of milliseconds that a text can mean."""
    match = TEXT.fullmatch(text)
    if not match:
        raise Fault("bad-date", text)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    start = days(int(year), int(month or 1), int(day or 1)) * DAY
    if hour is None:
        return start, _end(int(year), month and int(month), day and int(day)) - 1
    if (second is None or (zone or "").startswith(" ")) and not search:
        raise Fault("bad-date", text)
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 60:
        raise Fault("bad-date", text)
    start += int(hour) * 60 * MINUTE + int(minute) * MINUTE - _offset(zone)
    if second is None:
        return start, start + MINUTE - 1
    start += int(second) * SECOND
    if fraction is None:
        return start, start + SECOND - 1
    start += int(fraction[:3].ljust(3, "0"))
    return start, start + 10 ** max(0, 3 - len(fraction)) - 1


def _end(year: int, month: int | None, day: int | None) -> int:
    """The first millisecond after a whole year, month or day."""
    if day:
        return (days(year, month or 1, day) + 1) * DAY
    if month and month < 12:
        return days(year, month + 1, 1) * DAY
    return (days(year, 12, 31) + 1) * DAY


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:])
    if hours > 14 or minutes > 59:
        raise Fault("bad-date", "zone")
    return (-1 if zone[0] == "-" else 1) * (hours * 60 + minutes) * MINUTE


def period_range(start: str | None, end: str | None) -> Range | None:
    if start is None and end is None:
        return None
    low = date_range(start)[0] if start is not None else None
    high = date_range(end)[1] if end is not None else None
    if low is not None and high is not None and low > high:
        raise Fault("bad-period")
    return low, high


def day_code(t: int) -> int:
    return min(max(t // DAY + 25_568, 1), 65_534)


def codes(value: Range) -> tuple[int, int]:
    """The day codes of both bounds."""
    low = 1 if value[0] is None else day_code(value[0])
    return low, 65_534 if value[1] is None else day_code(value[1])


def columns(values: list[Range]) -> tuple[list[int], list[int]]:
    """§2: what the columns `low` and `span` hold of the values of a parameter."""
    bounds = [codes(value) for value in values]
    least, greatest = min(low for low, _ in bounds), max(high for _, high in bounds)
    return sorted({low for low, _ in bounds}), [least, greatest] if least < greatest else []
