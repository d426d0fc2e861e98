from dataclasses import dataclass
from datetime import UTC, datetime

from modelfoundry.cli.facts import lines_of


@dataclass
class Try:
    number: int
    error: str | None


def test_what_is_made_of_facts_is_followed_by_them():
    facts = {"plan": {"target": {"classes": ["3", "5"]}}, "kind": "modularize"}

    assert list(lines_of(facts)) == [
        ("plan", ""),
        ("  target", ""),
        ("    classes", "3, 5"),
        ("kind", "modularize"),
    ]


def test_several_of_a_kind_are_numbered():
    assert list(lines_of({"attempts": (Try(1, "lost"), Try(2, None))})) == [
        ("attempts", ""),
        ("  1", ""),
        ("    number", "1"),
        ("    error", "lost"),
        ("  2", ""),
        ("    number", "2"),
        ("    error", "-"),
    ]


def test_values_are_written_for_people():
    facts = {
        "accuracy": 0.9864864864864865,
        "made": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        "flip": False,
        "groups": [],
        "settings": {},
    }

    assert [value for _, value in lines_of(facts)] == [
        "0.986486",
        "2026-01-02 03:04:05",
        "no",
        "-",
        "-",
    ]
