import re

import pytest
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QPushButton

from segstudio.gui import icons, theme
from segstudio.gui.theme.stylesheet import SHEETS, stylesheet
from segstudio.gui.theme.tokens import DARK, LIGHT, THEMES
from segstudio.resources import models_folder, resource

ICONS = sorted(path.stem for path in resource("icons").glob("*.svg"))
TINTED = [name for name in ICONS if name != "segstudio"]


@pytest.fixture(autouse=True)
def dark_again(qapp):
    theme.apply(qapp, "dark")
    yield
    theme.apply(qapp, "dark")


READ = [
    *((ink, surface) for ink in ("text", "text_dim")
      for surface in ("canvas", "panel", "raised", "hover", "tooltip")),
    ("text", "pressed"), ("accent_text", "panel"), ("danger", "panel"), ("danger", "raised"),
    ("warning", "panel"), ("warning", "raised"), ("on_accent", "accent_fill"),
    ("on_accent", "accent_hover"), ("on_accent", "danger_fill"), ("selection_text", "selection"),
]  # fmt: skip


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("ink", "surface"), READ)
def test_text_can_be_read(tokens, ink, surface):
    assert theme.contrast(getattr(tokens, ink), getattr(tokens, surface)) >= 4.5


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
def test_focus_can_be_seen(tokens):
    for surface in (tokens.panel, tokens.raised):
        assert theme.contrast(tokens.accent, surface) >= 3.0


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert theme.ink_on("#F0E442") == "#000000"
    assert theme.ink_on("#332288") == "#FFFFFF"


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
def test_the_stylesheet_names_only_images_that_are_there(tokens):
    images = re.findall(r'url\("themeicons:([^"]+)"\)', stylesheet(tokens))
    assert len(images) > 10
    for image in images:
        assert resource("icons", *image.split("/")).is_file(), image


@pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES)
def test_arrows_in_the_stylesheet_are_our_icons(tokens):
    for path in resource("icons", "style", tokens.name).glob("*.svg"):
        drawn = re.findall(r' d="([^"]+)"', path.read_text())
        assert drawn == re.findall(r' d="([^"]+)"', resource("icons", path.name).read_text())


def test_the_stylesheet_takes_every_colour_from_the_tokens():
    assert not re.findall(r"#[0-9a-fA-F]{3,}", "".join(SHEETS))


def test_switching_repaints_and_says_so(qtbot, qapp):
    made = QPushButton("Train")
    qtbot.addWidget(made)
    made.resize(80, 28)
    dark = made.grab().toImage().pixelColor(10, 14)
    with qtbot.waitSignal(theme.notifier.changed):
        theme.apply(qapp, "light")
    light = made.grab().toImage().pixelColor(10, 14)
    assert (dark, light) == (QColor(DARK.raised), QColor(LIGHT.raised))
    assert theme.current() is LIGHT
    assert theme.colour("accent", 0.5).alpha() == 128


def test_controls_are_28_px_high(qtbot):
    made = QPushButton("Train")
    qtbot.addWidget(made)
    assert made.sizeHint().height() == theme.CONTROL
    assert made.font().pixelSize() == theme.BODY


def test_figures_are_all_equally_wide(qapp):
    from PySide6.QtGui import QFontMetrics

    metrics = QFontMetrics(theme.figures())
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.parametrize("name", TINTED)
def test_every_icon_draws_something_in_the_asked_colour(qapp, name):
    image = icons.pixmap(name, "#FF0000").toImage()
    drawn = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 150
    ]
    assert len(drawn) >= 3
    assert {(c.red(), c.green(), c.blue()) for c in drawn} == {(255, 0, 0)}


def test_disabled_icons_are_dimmer(qapp):
    made = icons.icon("brush")
    normal = made.pixmap(20, made.Mode.Normal).toImage()
    disabled = made.pixmap(20, made.Mode.Disabled).toImage()
    assert normal != disabled
    assert icons.icon("brush").cacheKey() == made.cacheKey()


def test_an_unknown_icon_is_refused(qapp):
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_a_set_icon_follows_the_theme(qtbot, qapp):
    action = QAction("Undo", qapp)
    icons.set_icon(action, "undo")
    before = action.icon().pixmap(20).toImage()
    theme.apply(qapp, "light")
    assert action.icon().pixmap(20).toImage() != before
    icons.set_icon(action, "redo")
    assert len(action.children()) == 1


def test_the_program_has_an_icon(qapp):
    assert not icons.app_icon().pixmap(64).isNull()


def test_shipped_folders_are_found():
    assert resource("icons", "brush.svg").is_file()
    assert models_folder().name == "models"


def test_the_wheels_own_folder_comes_first(tmp_path, monkeypatch):
    from segstudio import resources

    (tmp_path / "_resources").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resource("icons") == tmp_path / "_resources" / "icons"
    assert models_folder() == tmp_path.parent / "models"
