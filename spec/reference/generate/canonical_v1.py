"""Write vectors/canonical-v1.json."""

from typing import Any

import policy_dates as dates
from fault import Fault
from generate.canonical_numbers import numbers, units, value_codes
from generate.canonical_texts import folds, keywords

DATES: dict[str, str] = {
    "a year": "2015",
    "a leap year": "2000",
    "a month": "2015-02",
    "February of a leap year": "2016-02",
    "a day": "2015-02-28",
    "a leap day": "2016-02-29",
    "the first day of the epoch": "1970-01-01",
    "the day before the epoch": "1969-12-31",
    "the first day with a code of its own": "1900-01-01",
    "the day before it": "1899-12-31",
    "the last day with a code of its own": "2079-06-05",
    "the day after it": "2079-06-06",
    "the first year": "0001",
    "the last day": "9999-12-31",
    "a second, no zone": "2015-02-07T13:28:17",
    "a second, UTC": "2015-02-07T13:28:17Z",
    "a second, east": "2015-02-07T01:28:17+02:00",
    "a second, west": "2015-02-07T23:28:17-05:30",
    "a second, as far east as there is": "2015-02-07T13:59:59+14:00",
    "a zone of minus zero": "2015-02-07T13:28:17-00:00",
    "a zone that moves the day before the epoch": "1970-01-01T00:30:00+01:00",
    "a leap second": "2016-12-31T23:59:60Z",
    "a second 60 in the middle of an hour": "2016-12-31T12:30:60Z",
    "one digit of fraction": "2015-02-07T13:28:17.2Z",
    "two digits of fraction": "2015-02-07T13:28:17.23Z",
    "three digits of fraction": "2015-02-07T13:28:17.239Z",
    "nine digits of fraction, cut": "2015-02-07T13:28:17.239999999-05:00",
    "a fraction with zeros": "2015-02-07T13:28:17.000Z",
    "the last millisecond of a day": "2015-02-07T23:59:59.999Z",
}

SEARCHES: dict[str, str] = {
    "a minute": "2015-02-07T13:28",
    "a minute with a zone": "2015-02-07T13:28-05:00",
    "a plus that became a space": "2015-02-07T13:28:17 02:00",
}

BAD: dict[str, str] = {
    "nothing": "",
    "the year 0": "0000",
    "a year of three digits": "201",
    "a year of five digits": "20150",
    "month 13": "2015-13",
    "month 0": "2015-00",
    "day 30 of February": "2015-02-30",
    "day 29 of February in no leap year": "2100-02-29",
    "a month of one digit": "2015-2-07",
    "no dashes": "20150207",
    "an hour alone": "2015-02-07T13Z",
    "a minute outside a search": "2015-02-07T13:28Z",
    "hour 24": "2015-02-07T24:00:00Z",
    "minute 60": "2015-02-07T13:60:00Z",
    "second 61": "2015-02-07T13:28:61Z",
    "a fraction without digits": "2015-02-07T13:28:17.Z",
    "a comma": "2015-02-07T13:28:17,5Z",
    "a zone beyond 14 hours": "2015-02-07T13:28:17+15:00",
    "a zone with minute 60": "2015-02-07T13:28:17+02:60",
    "a zone without a colon": "2015-02-07T13:28:17+0200",
    "a zone after a date": "2015-02-07Z",
    "a lower-case t": "2015-02-07t13:28:17Z",
    "a lower-case z": "2015-02-07T13:28:17z",
    "a space before": " 2015-02-07",
    "a space after": "2015-02-07 ",
    "a line after": "2015-02-07\n",
    "digits of another script": "２０１５",
    "another order": "07.02.2015",
}

PERIODS: dict[str, tuple[str | None, str | None]] = {
    "within a day": ("2015-02-07T08:00:00Z", "2015-02-07T09:00:00Z"),
    "over midnight": ("2015-02-07T23:00:00Z", "2015-02-08T01:00:00Z"),
    "whole days": ("2015-02-07", "2015-02-08"),
    "without an end": ("2015-02-07", None),
    "without a start": (None, "2015-02-07"),
    "from an early year to a late one": ("1800", "2200"),
    "an instant": ("2015-02-07T13:28:17.239Z", "2015-02-07T13:28:17.239Z"),
    "an end that begins before the start, and contains it": ("2015-02-07", "2015"),
}


SEVERAL: dict[str, list[str]] = {
    "on one day": ["2015-02-07", "2015-02-07T13:28:17Z"],
    "on two days": ["2015-02-07", "2016-03-01"],
    "in another order, one twice": ["2016-03-01", "2015-02-07", "2016-03-01"],
    "a year and a day of it": ["2015", "2015-02-07"],
    "three days": ["2015-02-07", "2015-02-09", "2015-02-08"],
}


def several_cases() -> list[dict[str, Any]]:
    """Several values of one parameter."""
    return [
        {"comment": why, "texts": texts} | _columns(*(dates.date_range(text) for text in texts))
        for why, texts in SEVERAL.items()
    ]


def _range(text: str, search: bool) -> dict[str, Any]:
    low, high = dates.date_range(text, search)
    return {"low": low, "high": high} | _columns((low, high))


def _columns(*values: dates.Range) -> dict[str, Any]:
    low, span = dates.columns(list(values))
    return {"columns": {"low": low, "span": span}}


def date_cases() -> list[dict[str, Any]]:
    cases = [
        {"comment": why, "text": text, "search": False} | _range(text, False)
        for why, text in DATES.items()
    ]
    return cases + [
        {"comment": why, "text": text, "search": True} | _range(text, True)
        for why, text in SEARCHES.items()
    ]


def period_cases() -> list[dict[str, Any]]:
    cases = []
    for why, (start, end) in PERIODS.items():
        value = dates.period_range(start, end)
        assert value is not None
        bounds = {"low": value[0], "high": value[1]}
        cases.append({"comment": why, "start": start, "end": end} | bounds | _columns(value))
    return cases


def invalid() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = [
        {"comment": why, "text": text, "search": False} for why, text in BAD.items()
    ]
    late = {"text": "2015-02-07T13:28:61", "search": True}
    cases.append({"comment": "second 61 in a search"} | late)
    ends = {"an end before the start": ("2015-02-08", "2015-02-07"), "a bad end": ("2015", "2015-")}
    cases += [{"comment": why, "start": a, "end": b} for why, (a, b) in ends.items()]
    return [case | {"error": _kind(case)} for case in cases]


def _kind(case: dict[str, Any]) -> str:
    try:
        if "text" in case:
            dates.date_range(case["text"], case["search"])
        else:
            dates.period_range(case["start"], case["end"])
    except Fault as fault:
        return fault.kind
    raise AssertionError(case)


def vectors() -> dict[str, Any]:
    return {
        "spec": "spec/policy.md",
        "source": "spec/reference/policy_dates.py, policy_texts.py, policy_numbers.py",
        "note": (
            "Times are milliseconds since 1970, null for an unbounded end; `columns` are the codes "
            "that the columns of those names hold. A null keyword is none."
        ),
        "valid": date_cases(),
        "periods": period_cases(),
        "several": several_cases(),
        "invalid": invalid(),
        "folds": folds(),
        "keywords": keywords(),
        "numberCodes": numbers(),
        "valueCodes": value_codes(),
        "units": units(),
    }
