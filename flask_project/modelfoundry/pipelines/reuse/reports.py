"""The tables that a job of reuse leaves behind."""

from collections.abc import Sequence

from pydantic import JsonValue

from modelfoundry.algorithms.reuse.choice import Combination, accuracy_of
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse.table import Tables


def pool_rows(pool: Sequence[PoolModule], f1: Sequence[float]) -> list[JsonValue]:
    """List the modules that could be chosen, with their F1 on the selection part."""
    return [
        {
            "module": module.id,
            "class": module.class_name,
            "dataset": module.dataset,
            "model": module.model,
            "architecture": module.architecture,
            "f1": value,
            "kernels_kept": module.kernels_kept,
        }
        for module, value in zip(pool, f1, strict=True)
    ]


def option_rows(
    options: Sequence[Combination], pool: Sequence[PoolModule], tables: Tables
) -> list[JsonValue]:
    """List what each rule takes and reaches; the test part decides nothing any more."""
    return [
        {
            "rule": option.rule,
            "modules": [pool[row].id for row in option.rows],
            "accuracy_validation": accuracy_of(option, tables[0]),
            "accuracy_test": accuracy_of(option, tables[1]),
        }
        for option in options
    ]
