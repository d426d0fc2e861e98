from dataclasses import replace
from datetime import timedelta

import pytest
from tests.homes import add_bundle

from modelfoundry.errors import InvalidInputError, UnknownNameError
from modelfoundry.jobs.bundles import module_of_bundle
from modelfoundry.jobs.module_store import Module, ModuleStore
from modelfoundry.settings import Home


@pytest.fixture
def module(home: Home) -> Module:
    return module_of_bundle(add_bundle(home), job_id=None)


def test_a_module_comes_back_as_it_was_put(modules: ModuleStore, module: Module):
    modules.put(module)

    assert modules.get(module.id) == module


def test_a_module_made_again_replaces_the_earlier_one(modules: ModuleStore, module: Module):
    modules.put(module)
    modules.put(replace(module, size_bytes=99))

    assert [m.size_bytes for m in modules.all()] == [99]


def test_pages_list_the_newest_first_without_overlap(modules: ModuleStore, module: Module):
    modules.put(replace(module, id="old"))
    modules.put(replace(module, id="new", created_at=module.created_at + timedelta(days=1)))

    first = modules.page(cursor=None, limit=1)
    second = modules.page(cursor=first.next_cursor, limit=1)

    assert [m.id for m in (*first.items, *second.items)] == ["new", "old"]
    assert (first.total, second.next_cursor) == (2, None)


def test_a_list_goes_on_where_a_page_ended_with_a_module_that_is_deleted(
    modules: ModuleStore, module: Module
):
    modules.put(replace(module, id="old"))
    modules.put(replace(module, id="new", created_at=module.created_at + timedelta(days=1)))
    first = modules.page(cursor=None, limit=1)
    modules.delete("new")

    assert [m.id for m in modules.page(cursor=first.next_cursor, limit=1).items] == ["old"]


def test_a_made_up_cursor_is_an_input_error(modules: ModuleStore):
    with pytest.raises(InvalidInputError, match="no module list ends at 'zz'"):
        modules.page(cursor="zz", limit=1)


def test_for_a_module_that_is_not_here_those_that_are_get_named(
    modules: ModuleStore, module: Module
):
    modules.put(module)

    with pytest.raises(UnknownNameError, match=f"no module named 'nope'; known: {module.id}"):
        modules.get("nope")


def test_a_deleted_module_is_unknown(modules: ModuleStore, module: Module):
    modules.put(module)
    modules.delete(module.id)

    with pytest.raises(UnknownNameError, match="no module named"):
        modules.get(module.id)


def test_the_version_changes_with_every_module_put_or_deleted(modules: ModuleStore, module: Module):
    empty = modules.version()
    modules.put(module)
    one = modules.version()
    modules.put(replace(module, created_at=module.created_at + timedelta(seconds=1)))
    again = modules.version()

    assert len({empty, one, again}) == 3
