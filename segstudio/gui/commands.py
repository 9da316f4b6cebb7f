"""Everything the user can command, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from segstudio.gui import sheets, theme_choice

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow

Run = Callable[["MainWindow"], Any]
Test = Callable[["MainWindow"], bool]


@dataclass(frozen=True)
class Command:
    """One entry of the menus: what it is called, and what it does."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    run: Run
    enabled: Test = lambda window: True
    checked: Test | None = None
    icon: str = ""
    divided: bool = False


def _project(window: "MainWindow") -> bool:
    return window.session.project is not None


def _writable(window: "MainWindow") -> bool:
    project = window.session.project
    return project is not None and project.writable


def _image(window: "MainWindow") -> bool:
    return window.session.layers is not None


def _escapable(window: "MainWindow") -> bool:
    return _image(window) or window.pages.runs_shown


def _model(window: "MainWindow") -> bool:
    return _writable(window) and window.models.current is not None


def _in_hand(window: "MainWindow") -> bool:
    return _writable(window) and window.queueing.current is not None


def _choose_prompt_model(window: "MainWindow") -> None:
    from segstudio.gui.tools.builtin.prompt import Prompt

    tool = window.canvas.named("prompt")
    assert isinstance(tool, Prompt)
    tool.choose_model(window.ask)


COMMANDS = (
    Command("new_project", "&File", "&New project…", ("Ctrl+N",), lambda w: w.files.new_project()),
    Command("open_project", "&File", "&Open project…", ("Ctrl+O",), lambda w: w.files.open_project(), icon="folder"),
    Command("add_pictures", "&File", "&Add pictures…", ("Ctrl+Shift+O",), lambda w: w.files.add_pictures(), _writable, icon="import"),
    Command("open_demo", "&File", "Open the &sample project", (), lambda w: w.files.open_demo()),
    Command("save", "&File", "&Save masks", ("Ctrl+S",), lambda w: w.files.save(), _writable, icon="save", divided=True),
    Command("save_elsewhere", "&File", "Save project &elsewhere…", ("Ctrl+Shift+S",), lambda w: w.files.save_elsewhere(), _writable),
    Command("export", "&File", "E&xport masks…", ("Ctrl+E",), lambda w: w.delivering.ask_and_export(), _project, icon="deliver"),
    Command("quit", "&File", "&Quit", ("Ctrl+Q",), lambda w: w.close(), divided=True),
    Command("undo", "&Edit", "&Undo", ("Ctrl+Z",), lambda w: w.session.undo(), lambda w: _writable(w) and w.session.history.next_undo is not None, icon="undo"),
    Command("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), lambda w: w.session.redo(), lambda w: _writable(w) and w.session.history.next_redo is not None, icon="redo"),
    Command("accept", "&Edit", "&Accept proposal", ("Return", "Enter"), lambda w: w.accept(), _image, icon="accept", divided=True),
    Command("cancel", "&Edit", "&Discard proposal", ("Esc",), lambda w: w.escape(), _escapable, icon="discard"),
    Command("tool_back", "&Edit", "Take back the tool's last step", ("Backspace",), lambda w: w.canvas.tool.back(), _image),
    Command("previous_answer", "&Edit", "The tool's previous answer", ("<",), lambda w: w.canvas.tool.another(-1), _image),
    Command("next_answer", "&Edit", "The tool's next answer", (">",), lambda w: w.canvas.tool.another(1), _image),
    Command("swap_class", "&Edit", "S&wap with the first class", ("X",), lambda w: w.labelling.swap_class(), _project, divided=True),
    Command("pick_class", "&Edit", "&Pick the class under the cursor", ("L",), lambda w: w.labelling.pick_class(), _image),
    Command("clean_up", "&Edit", "C&lean up…", ("Ctrl+L",), lambda w: w.work.show_clean_up(), _project, divided=True),
    Command("brush_smaller", "&Edit", "Smaller brush", ("[",), lambda w: w.session.view.step_brush(-1)),
    Command("brush_larger", "&Edit", "Larger brush", ("]",), lambda w: w.session.view.step_brush(1)),
    Command("fit", "&View", "&Fit the image", ("F",), lambda w: w.stage.fit(), _image, icon="zoom-fit"),
    Command("zoom_full", "&View", "&100 %", ("Ctrl+0",), lambda w: w.stage.zoom_full(), _image),
    Command("zoom_in", "&View", "Zoom &in", ("Ctrl++", "Ctrl+="), lambda w: w.stage.zoom_by(1.25), _image),
    Command("zoom_out", "&View", "Zoom &out", ("Ctrl+-",), lambda w: w.stage.zoom_by(0.8), _image),
    Command("overlay", "&View", "Show &masks", ("V",), lambda w: w.session.view.set_overlay(overlay=not w.session.view.overlay), checked=lambda w: w.session.view.overlay, icon="overlay", divided=True),
    Command("outlines", "&View", "Show o&utlines", ("O",), lambda w: w.session.view.set_overlay(outlines=not w.session.view.outlines), checked=lambda w: w.session.view.outlines, icon="outline"),
    Command("hatch", "&View", "Show &hatching", ("Shift+O",), lambda w: w.session.view.set_overlay(hatch=not w.session.view.hatch), checked=lambda w: w.session.view.hatch, icon="hatch"),
    Command("uncertainty", "&View", "Show un&certainty", ("U",), lambda w: w.doubting.toggle(), _image, checked=lambda w: w.session.view.uncertainty, icon="uncertainty"),
    Command("doubt_kind", "&View", "Next &kind of uncertainty", ("Shift+U",), lambda w: w.doubting.choose_next(), _image),
    Command("compare", "&View", "Co&mpare…", ("Y",), lambda w: w.comparing.toggle(), _image, checked=lambda w: w.comparing.active, icon="compare"),
    Command("theme", "&View", "Light or dark &theme", (), lambda w: theme_choice.switch(), icon="theme", divided=True),
    Command("palette", "&View", "Command &palette", ("Ctrl+K", "Ctrl+Shift+P"), sheets.show_palette, icon="search"),
    Command("previous_image", "&Image", "&Previous image", ("A",), lambda w: w.images.step(-1), _project),
    Command("next_image", "&Image", "&Next image", ("D",), lambda w: w.images.step(1), _project),
    Command("previous_open", "&Image", "Previous not &reviewed", ("Shift+A",), lambda w: w.images.step(-1, unreviewed_only=True), _project),
    Command("next_open", "&Image", "Next not re&viewed", ("Shift+D",), lambda w: w.images.step(1, unreviewed_only=True), _project),
    Command("review", "&Image", "&Mark reviewed", ("M",), lambda w: w.labelling.mark_reviewed(), _image, icon="state-reviewed", divided=True),
    Command("copy_previous", "&Image", "&Copy the mask of the previous image", ("Ctrl+D",), lambda w: w.labelling.copy_previous(), _image),
    Command("queue_next", "&Image", "Next in the &queue", ("N",), lambda w: w.queueing.next_item(), _project, icon="next", divided=True),
    Command("queue_skip", "&Image", "&Skip in the queue", ("Shift+N",), lambda w: w.queueing.skip(), _in_hand),
    Command("queue_never", "&Image", "Ne&ver ask for this in the queue", ("Ctrl+Shift+N",), lambda w: w.queueing.never_ask(), _in_hand),
    Command("queue_ask_again", "&Image", "As&k for this picture again", (), lambda w: w.queueing.ask_again(), lambda w: _writable(w) and _image(w)),
    Command("jump_uncertain", "&Image", "&Jump to the most uncertain region", ("J",), lambda w: w.doubting.jump(), _image),
    Command("clear_labels", "&Image", "Clear &labels…", (), lambda w: w.housekeeping.clear(w.images.chosen_ids()), _writable, icon="eraser", divided=True),
    Command("remove_images", "&Image", "Remove fr&om project…", (), lambda w: w.housekeeping.remove(w.images.chosen_ids()), _writable, icon="trash"),
    Command("set_aside", "&Image", "Set pictures as&ide for validation…", (), lambda w: w.housekeeping.set_aside(), _writable, divided=True),
    Command("watch_folder", "&Image", "&Watch this folder", (), lambda w: w.watching.toggle_here(), _writable, checked=lambda w: w.watching.watches_here, divided=True),
    Command("watch_other", "&Image", "Watch another &folder…", (), lambda w: w.watching.watch_other(), _writable),
    Command("watch_none", "&Image", "S&top watching folders", (), lambda w: w.watching.stop(), lambda w: bool(w.watching.folders)),
    Command("propose", "&Model", "&Propose a mask", ("Ctrl+P",), lambda w: w.proposing.propose(), _image, icon="wand"),
    Command("compare_methods", "&Model", "Compare &methods…", (), sheets.compare_methods, _project, icon="histogram"),
    Command("train", "&Model", "&Train", ("Ctrl+T",), lambda w: w.training.start(), _writable, icon="train"),
    Command("stop_training", "&Model", "&Stop training", (), lambda w: w.training.stop(), lambda w: w.training.running, icon="stop"),
    Command("runs", "&Model", "&Runs", ("Ctrl+Shift+T",), lambda w: w.pages.show_runs(not w.pages.runs_shown), _project, checked=lambda w: w.pages.runs_shown),
    Command("load_settings", "&Model", "&Load settings of a training…", (), lambda w: w.keeping.load_settings(), _project),
    Command("predict", "&Model", "Predict &this image", ("Ctrl+R",), lambda w: w.predicting.this_image(), lambda w: _model(w) and _image(w), icon="predict"),
    Command("predict_all", "&Model", "Predict &all not reviewed", ("Ctrl+Shift+R",), lambda w: w.predicting.all_images(), _model),
    Command("predict_selected", "&Model", "Predict s&elected", (), lambda w: w.predicting.images(w.images.chosen_ids()), _model),
    Command("use_file", "&Model", "&Use a model from a file…", (), lambda w: w.model_files.choose(), _writable),
    Command("rank", "&Model", "Order the &queue", ("Ctrl+U",), lambda w: w.queueing.ordering.rank(), _writable, icon="queue"),
    Command("prompt_model", "&Model", "Choose a pro&mpt model…", (), _choose_prompt_model, _project, divided=True),
    Command("keys", "&Help", "&Keys", ("?",), sheets.show_keys, icon="help"),
)  # fmt: skip
