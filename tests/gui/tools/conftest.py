import pytest

from segstudio.gui.loading import PictureLoader
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


@pytest.fixture
def pictured(qtbot, session, context, readers, open_image):
    """The same, and the picture is there: 40 in its left half, 200 in its right one."""
    loader = PictureLoader(session, readers)
    context.follow(loader)
    session.close_image()
    with qtbot.waitSignal(loader.picture_ready, timeout=20_000):
        open_image(1)
    assert context.picture is not None
    return context
