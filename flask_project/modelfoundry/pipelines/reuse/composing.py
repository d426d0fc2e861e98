"""Build the network that a combination of modules stands for."""

from collections.abc import Sequence

from modelfoundry.algorithms.reuse.choice import Combination, accuracy_of
from modelfoundry.algorithms.reuse.composition import Composition
from modelfoundry.pipelines.reuse.composed import Composed
from modelfoundry.pipelines.reuse.networks import open_module
from modelfoundry.pipelines.reuse.pool import PoolModule
from modelfoundry.pipelines.reuse.table import Tables
from modelfoundry.pipelines.reuse.task import Task
from modelfoundry.settings import Home


def compose(
    chosen: Combination,
    pool: Sequence[PoolModule],
    task: Task,
    tables: Tables,
    *,
    title: str,
    home: Home,
) -> Composed:
    """Open the chosen modules, each once, and put them behind one input."""
    rows = list(dict.fromkeys(chosen.rows))
    network = Composition(
        [open_module(home, pool[row].id) for row in rows],
        module_of_output=[rows.index(row) for row in chosen.rows],
        calibrations=chosen.calibrations,
    )
    return Composed(
        title=title,
        outputs=task.names,
        network=network.eval(),
        parents=[(pool[row], name) for row, name in zip(chosen.rows, task.names, strict=True)],
        part_names=[f"parts.{number}" for number in range(len(rows))],
        rule=chosen.rule,
        accuracy_validation=accuracy_of(chosen, tables[0]),
        accuracy_test=accuracy_of(chosen, tables[1]),
    )
