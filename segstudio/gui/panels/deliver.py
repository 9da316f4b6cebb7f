"""The panel that hands over the results."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from segstudio.domain.records import State
from segstudio.gui import theme
from segstudio.gui.delivering import Delivering
from segstudio.gui.models import Models
from segstudio.gui.panels.learn import in_words
from segstudio.gui.predicting import Predicting
from segstudio.gui.session import Session
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.store.exchange.format import formats


class DeliverPanel(QWidget):
    """Predict what is left, then export the masks with their legend."""

    def __init__(
        self,
        session: Session,
        delivering: Delivering,
        predicting: Predicting,
        models: Models,
        states: Mapping[State, int],
        parent: QWidget | None = None,
    ) -> None:
        """``states`` says at any time how many pictures are in each state."""
        super().__init__(parent)
        self.setObjectName("deliver_panel")
        self._session, self._delivering, self._models = session, delivering, models
        self._states = states
        self.predict = button("Predict this picture", "predict_button", "plain", "predict",
                              "Propose a mask by the model in use", "Ctrl+R")  # fmt: skip
        self.predict_all = button("Predict all not reviewed", "predict_all_button", "plain", "predict",  # noqa: E501
                                  "Propose masks for all that are not reviewed", "Ctrl+Shift+R")  # fmt: skip  # noqa: E501
        self.format = QComboBox()
        self.format.setObjectName("export_format")
        self.format.setAccessibleName("Format")
        self.format.setMinimumContentsLength(12)
        self.format.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for name in formats:
            self.format.addItem(formats[name].title, name)
        self.export = button("Export…", "export_button", "primary", "deliver",
                             "Write what is labelled into a folder", "Ctrl+E")  # fmt: skip
        self.used = label("", "secondary", "deliver_model")
        self.used.setWordWrap(True)
        self.note = label("", "secondary", "deliver_note")
        self.note.setWordWrap(True)
        self._lay_out()
        self.predict.clicked.connect(lambda: predicting.this_image())
        self.predict_all.clicked.connect(lambda: predicting.all_images())
        self.export.clicked.connect(lambda: delivering.ask_and_export())
        self.format.activated.connect(self._choose)
        for signal in (
            session.project_changed, session.images_changed, session.image_opened,
            session.image_closed, models.changed,
        ):  # fmt: skip
            signal.connect(lambda *_: self._show())
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.EDGE)
        layout.setSpacing(theme.GAP)
        layout.addWidget(SectionHeader("Predict"))
        layout.addWidget(self.used)
        layout.addWidget(self.predict)
        layout.addWidget(self.predict_all)
        layout.addSpacing(theme.GROUP)
        layout.addWidget(SectionHeader("Export"))
        layout.addWidget(self.note)
        layout.addWidget(self.format)
        layout.addWidget(self.export)
        layout.addStretch(1)

    def _choose(self, index: int) -> None:
        self._delivering.format = self.format.itemData(index)

    def _show(self) -> None:
        session = self._session
        writable = bool(session.project and session.project.writable)
        ready = writable and self._models.current is not None
        self.predict.setEnabled(ready and session.layers is not None)
        self.predict_all.setEnabled(ready)
        self.export.setEnabled(session.project is not None)
        self.used.setText(in_words(self._models.current))
        reviewed, work = (self._states.get(s, 0) for s in (State.REVIEWED, State.IN_WORK))
        self.note.setText(
            f"{reviewed} of {len(session.images)} pictures are reviewed, {work} are in work."
            " Masks are written as indexed PNG (GeoTIFF for georeferenced pictures) with a legend."
        )
