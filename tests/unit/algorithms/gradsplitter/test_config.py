from modelfoundry.algorithms.gradsplitter.config import GradSplitterConfig
from modelfoundry.algorithms.gradsplitter.search import runs


def test_the_published_schedule_has_145_epochs():
    # 5 + 20 x (5 + 2)
    assert GradSplitterConfig().total_epochs == 145


def test_joint_and_head_epochs_take_turns():
    config = GradSplitterConfig(first_head_epochs=1, cycles=2, joint_epochs=2, head_epochs=1)

    names = [name for _, name in runs(config)]
    assert names == ["first", "joint", "joint", "head", "joint", "joint", "head"]


def test_every_turn_is_a_run_of_its_own():
    config = GradSplitterConfig(first_head_epochs=2, cycles=2, joint_epochs=1, head_epochs=0)

    numbers = [number for number, _ in runs(config)]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3
