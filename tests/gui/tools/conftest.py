import pytest

from segstudio.gui.tools.context import ToolContext


@pytest.fixture(autouse=True)
def first_image(open_image, wait_idle):
    open_image(1)
    yield
    wait_idle()


@pytest.fixture
def context(session):
    """What tools are made with; the whole image is in sight, and nobody draws."""
    return ToolContext(session, lambda: session.image.box, lambda: None)
