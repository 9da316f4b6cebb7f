"""The tabs at the left: what there is, how it is looked at, what was done."""

from PySide6.QtWidgets import QTabWidget, QWidget

from segstudio.gui.loading import PictureLoader
from segstudio.gui.objects import Objects
from segstudio.gui.panels.history import HistoryPanel
from segstudio.gui.panels.images import ImagesPanel
from segstudio.gui.panels.objects import ObjectsPanel
from segstudio.gui.panels.view import ViewPanel
from segstudio.gui.session import Session
from segstudio.gui.widgets.scrolled import scrolled
from segstudio.store.rasters import Readers


class LeftTabs(QTabWidget):
    """Images, View, Objects, History."""

    def __init__(
        self,
        session: Session,
        images: ImagesPanel,
        loader: PictureLoader,
        objects: Objects,
        readers: Readers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("left_tabs")
        self.setAccessibleName("Pictures and view")
        self.setDocumentMode(True)
        self.images = images
        self.view = ViewPanel(session, loader)
        self.objects = ObjectsPanel(session, objects, loader, readers)
        self.history = HistoryPanel(session)
        self.addTab(images, "Images")
        self.addTab(scrolled(self.view), "View")
        self.addTab(self.objects, "Objects")
        self.addTab(self.history, "History")
        self.tabBar().setObjectName("left_tab_bar")
