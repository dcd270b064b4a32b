"""An API that serves, and one that calls it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from attune_cli.sensor.api import LocalApi
from tests.local_api import Caller, Heard, local_api


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    Caller.close_all()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def api(heard: Heard) -> Iterator[LocalApi]:
    with local_api(heard) as serving:
        yield serving


@pytest.fixture
def call(api: LocalApi) -> Caller:
    return Caller(api)
