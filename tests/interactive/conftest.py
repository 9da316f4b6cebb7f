"""Small blocks, so that small arrays cross many of their borders."""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest

MODULES = ("blocks", "spreading", "flood", "cleanup")


@contextmanager
def sized(size):
    with ExitStack() as stack:
        for module in MODULES:
            stack.enter_context(patch(f"segstudio.interactive.{module}.BLOCK", size))
        yield


@pytest.fixture(scope="session")
def blocks_of():
    """Return what makes blocks of so many pixels for a while."""
    return sized
