"""How long a card search takes with 100,000 cards: ``python benchmarks/card_search.py``.

Wanted: every answer within 50 ms.
"""

import argparse
import random
import statistics
import time
from itertools import product

from modelfoundry.services.card_index import CardIndex
from modelfoundry.services.cards import Bounds, Card, CardQuery

NUM_CARDS = 100_000
REPEATS = 20
SYLLABLES = ("ca", "do", "hor", "bir", "fro", "shi", "tru", "pla", "dee", "lam", "oak", "sea", "t")
QUERIES = {
    "everything": CardQuery(),
    "one class": CardQuery(words="catdo"),
    "first letters": CardQuery(words="ca"),
    "one letter": CardQuery(words="t"),
    "class and model": CardQuery(words="cat model7"),
    "nothing found": CardQuery(words="zebra"),
    "two facets": CardQuery(chosen={"dataset": ("set1", "set2"), "ready": ("false",)}),
    "words and facet": CardQuery(words="ho", chosen={"model": ("model3", "model4")}),
    "part of a word": CardQuery(words="ord"),
    "by accuracy": CardQuery(sort="accuracy", ranges={"accuracy": Bounds(low=0.5)}),
    "four ranges": CardQuery(
        ranges={
            "accuracy": Bounds(0.5, 0.99),
            "retained_ratio": Bounds(high=0.5),
            "parameters": Bounds(high=500_000),
            "latency_ms": Bounds(low=0.1),
        }
    ),
    "words, facets, ranges": CardQuery(
        words="ca",
        chosen={"format": ("onnx", "int8"), "family": ("family1", "family2"), "license": ("mit",)},
        ranges={"accuracy": Bounds(low=0.5), "latency_ms": Bounds(high=0.8)},
        sort="latency",
    ),
}


def make_cards() -> list[Card]:
    """Make cards with a thousand class names, a hundred models and ten data sets."""
    chance = random.Random(0)  # noqa: S311 - not a secret
    names = ["".join(syllables) for syllables in product(SYLLABLES, repeat=3)]
    return [make_card(number, chance.choice(names), chance) for number in range(NUM_CARDS)]


def make_card(number: int, name: str, chance: random.Random) -> Card:
    is_ready = number % 5 == 0
    model = number % 100
    return Card(
        id=str(number),
        title=name,
        model=f"model{model}",
        model_title=f"Model {model}",
        family=f"family{model % 7}",
        license=("mit", "unknown")[model % 2],
        dataset=f"set{model % 10}",
        dataset_title=f"Data set {model % 10}",
        algorithm="seam",
        kind="binary",
        classes=(name,),
        module_id=str(number) if is_ready else None,
        accuracy=chance.random() if is_ready else None,
        retained_ratio=chance.random() if is_ready else None,
        parameters=chance.randrange(1_000_000) if is_ready else None,
        latency_ms=chance.random() if is_ready else None,
        formats=("int8", "onnx", "pt2")[model % 3 :] if is_ready else (),
    )


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    index = CardIndex(make_cards())
    end = index.search(CardQuery(words="ca", limit=5000)).next_cursor
    queries = QUERIES | {"late page": CardQuery(words="ca", cursor=end)}
    everything: list[float] = []
    print(f"{NUM_CARDS:,} cards, {REPEATS} searches of each kind")
    print(f"{'query':<23}{'found':>9}{'median ms':>11}{'largest ms':>12}")
    for name, query in queries.items():
        times_ms = []
        for _ in range(REPEATS):
            begin = time.perf_counter()
            total = index.search(query).total
            times_ms.append((time.perf_counter() - begin) * 1000)
        everything += times_ms
        print(f"{name:<23}{total:>9,}{statistics.median(times_ms):>11.1f}{max(times_ms):>12.1f}")
    percentile_95 = statistics.quantiles(everything, n=20)[-1]
    print(f"all: median {statistics.median(everything):.1f} ms, 95 % within {percentile_95:.1f} ms")


if __name__ == "__main__":
    main()
