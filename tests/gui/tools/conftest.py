import pytest


@pytest.fixture(autouse=True)
def first_image(open_image, wait_idle):
    open_image(1)
    yield
    wait_idle()
