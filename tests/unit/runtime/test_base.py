"""A launch's variables are put into an environment as a worker does it."""

from __future__ import annotations

from attune_cli.runtime.base import Launch


def test_search_paths_go_first_and_the_rest_replaces() -> None:
    launch = Launch("python", ("python3",), {"PYTHONPATH": "/pack/lib", "NODE_PATH": "/n", "OTHER": "new"})
    before = {"PYTHONPATH": "/mine:/too", "OTHER": "old", "KEPT": "1"}
    assert launch.merged_into(before) == {
        "PYTHONPATH": "/pack/lib:/mine:/too",
        "NODE_PATH": "/n",
        "OTHER": "new",
        "KEPT": "1",
    }
    assert before["OTHER"] == "old"


def test_an_empty_search_path_adds_nothing() -> None:
    assert Launch("python", ("p",), {"PYTHONPATH": "/a"}).merged_into({"PYTHONPATH": ""}) == {"PYTHONPATH": "/a"}
