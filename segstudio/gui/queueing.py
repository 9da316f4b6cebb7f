"""The queue in the window: the item in hand, and what is done of the others."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem
from segstudio.domain.tiles import Layer
from segstudio.gui.queue_list import Key, QueueList, key_of
from segstudio.gui.queue_ordering import Order, QueueOrdering
from segstudio.gui.session import Session
from segstudio.gui.stage import Stage


class Queueing(QObject):
    """Keeps the queue of the project; ``current`` is the item that the person is on."""

    changed = Signal()
    ranked = Signal()
    moved = Signal()
    """Another item is in hand, or more of it is labelled."""
    settled = Signal(object, bool)
    """An item is labelled now, or after undo is not any more."""

    def __init__(self, session: Session, stage: Stage) -> None:
        super().__init__(session)
        self._session, self._stage = session, stage
        self.ordering = QueueOrdering(session)
        self.list = QueueList()
        self.current: QueueItem | None = None
        self.share = 0.0
        """How much of the item in hand is labelled."""
        self._skipped: set[Key] = set()
        self._touched: list[Box] = []
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look_at_touched)
        session.project_changed.connect(self._forget)
        session.images_changed.connect(self._follow_images)
        session.layer_changed.connect(self._touch)
        session.history_changed.connect(lambda: self._looking.start(0))
        session.image_opened.connect(self._opened)
        session.image_closed.connect(lambda: self.let_go())
        self.ordering.changed.connect(self.changed)
        self.ordering.read.connect(self._show)
        self.ordering.ordered.connect(self._take)

    # -- what there is ---------------------------------------------------------------

    @property
    def items(self) -> list[QueueItem]:
        """What is left to label, in order."""
        return self.list.left

    @property
    def listed(self) -> list[QueueItem]:
        """What is left to label, and the item in hand, labelled or not, in its place."""
        return self.list.listed(self.current)

    def is_done(self, item: QueueItem) -> bool:
        """Tell whether an item is labelled."""
        return self.list.is_done(item)

    def _forget(self) -> None:
        self.current, self._skipped = None, set()
        self._turn_to(QueueList())
        self.ordering.reload()

    def _show(self, order: Order) -> None:
        """Take over an order as it is, but for what the states of pictures tell by now."""
        self._turn_to(self._listing(order))

    def _listing(self, order: Order) -> QueueList:
        from segstudio.workflows.queue import settled_by_state

        images, found = self._session.images, QueueList(*order)
        gone = [item for item in found.all if item.image not in images]
        for item in found.all:
            known = settled_by_state(item, images[item.image]) if item.image in images else None
            if known is not None:
                found.note(item, known)
        return found.without(gone)

    def _turn_to(self, list: QueueList) -> None:
        list.gather()
        self.list = list
        self.changed.emit()
        self._look_at_open()

    # -- what is done ----------------------------------------------------------------

    def _follow_images(self, ids: list[int]) -> None:
        """Leave out what is labelled now, and bring back what undo has made unlabelled again.

        A picture that has left the project does not come back with it: another one may get
        its number.
        """
        from segstudio.workflows.queue import settled_by_state

        images = self._session.images
        gone = [item for id in ids if id not in images for item in self.list.of(id)]
        if gone:
            if self.current in gone:
                self.let_go()
            self._turn_to(self.list.without(gone))
        turned = False
        for item in (item for id in ids for item in self.list.of(id)):
            known = settled_by_state(item, images[item.image])
            turned |= known is not None and self._note(item, known)
        if turned:
            self._gather()

    def _touch(self, layer: int, boxes: list[Box]) -> None:
        if layer == Layer.MASK:
            self._touched += boxes

    def _look_at_touched(self) -> None:
        """Look at the items that the last changes lie in; no others cost time."""
        touched, self._touched = self._touched, []
        image = self._session.image
        if image is not None and touched:
            items = [item for item in self.list.of(image.id) if item.box is not None]
            self._look_at(i for i in items if any(i.box and i.box.clipped(b) for b in touched))

    def _look_at_open(self) -> None:
        if self._session.image is not None:
            self._look_at(self.list.of(self._session.image.id))

    def _look_at(self, items: Iterable[QueueItem]) -> None:
        """Note how much of items of the open picture is labelled."""
        from segstudio.workflows.pool import HALF
        from segstudio.workflows.queue import labelled_share, settled_by_state

        image, layers = self._session.image, self._session.layers
        if image is None or layers is None:
            return
        turned = False
        for item in items:
            if item.box is None:
                continue
            share = labelled_share(layers.mask, item.box)
            if self.current is not None and key_of(item) == key_of(self.current):
                self._take_share(share)
            if settled_by_state(item, image) is None:
                turned |= self._note(item, share >= HALF)
        if turned:
            self._gather()

    def _take_share(self, share: float) -> None:
        if share != self.share:
            self.share = share
            self.moved.emit()

    def _note(self, item: QueueItem, done: bool) -> bool:
        if not self.list.note(item, done):
            return False
        self.settled.emit(item, done)
        return True

    def _gather(self) -> None:
        self.list.gather()
        self.changed.emit()

    # -- a new order -----------------------------------------------------------------

    def refresh(self) -> None:
        """After a training: order anew what the person has been labelling from."""
        if self.list.all:
            self.ordering.rank_again()

    def _take(self, order: Order) -> None:
        """Take over a new order, under the hand of the person: their item stays theirs.

        What they have skipped stays behind all others.
        """
        found = self._listing(order)
        skipped = [item for item in found.all if key_of(item) in self._skipped]
        found = found.without(skipped, back=True)
        if self.current is not None:
            found = self.list.around(self.current, found)
        self._turn_to(found)
        self._keep()
        self.ranked.emit()

    def _keep(self) -> None:
        """Let the project have the queue as the person sees it, whatever was written last."""
        project = self._session.project
        if project is not None and project.writable:
            project.set_queue(self.list.all)

    # -- the item in hand ------------------------------------------------------------

    def next_item(self) -> None:
        """Go to the next item; after the last to the first."""
        here, image = self.current, self._session.image
        if not self.items:
            self._session.said.emit("the queue is empty", "order it first: Queue, then Order")
            return
        if here is None and image is not None:
            # Whoever looks at a whole picture of the queue already goes on to the next one.
            wholes = (item for item in self.items if item.image == image.id and item.box is None)
            here = next(wholes, None)
        ahead = self.list.after(here)
        self.go_to(ahead[0] if ahead else self.items[0])

    def go_to(self, item: QueueItem) -> None:
        """Take an item in hand: open its picture, its region in sight."""
        self.current, self.share = item, 0.0
        image = self._session.image
        if image is not None and image.id == item.image and not self._session.opening:
            self._focus()
        else:
            self._session.open_image(item.image)
        self.moved.emit()
        self.changed.emit()

    def _opened(self) -> None:
        self._touched = []
        image = self._session.image
        if self.current is not None and image is not None and self.current.image == image.id:
            self._focus()
        else:
            self.let_go()

    def _focus(self) -> None:
        """Show the region in hand, and what of it is labelled."""
        if self.current is not None and self.current.box is not None:
            self._stage.show_box(self.current.box)
        self._look_at_open()
        self.moved.emit()

    def let_go(self) -> bool:
        """Be on no item any more; false where that is so already."""
        if self.current is None:
            return False
        self.current, self.share = None, 0.0
        self.moved.emit()
        self.changed.emit()
        return True

    def skip(self) -> None:
        """Put the item in hand behind all others, and go to the next."""
        item = self._in_hand()
        if item is not None:
            self._skipped.add(key_of(item))
            self._go_past(item, back=True)

    def never_ask(self) -> None:
        """Take the item in hand out of the queue for good, and go to the next."""
        from segstudio.store.regions import pass_over

        item, project = self._in_hand(), self._session.project
        if item is not None and project is not None:
            pass_over(project, item.image, item.box)
            self._go_past(item, back=False)
            what = "picture" if item.box is None else "region"
            self._session.said.emit(
                f"the queue never asks for this {what} again",
                "Image, then Ask for this picture again, takes that back",
            )

    def ask_again(self) -> None:
        """Let the queue ask for the open picture and its regions again."""
        from segstudio.store.regions import ask_again

        project, image = self._session.project, self._session.image
        if project is not None and project.writable and image is not None:
            ask_again(project, image.id)
            self._session.said.emit(
                f"the queue may ask for {image.name} again", "from the next time it is ordered"
            )

    def _in_hand(self) -> QueueItem | None:
        project = self._session.project
        if self.current is None:
            self._session.said.emit("no item of the queue is in hand", "N goes to the next one")
        return self.current if project is not None and project.writable else None

    def _go_past(self, item: QueueItem, back: bool) -> None:
        ahead = self.list.after(item)
        self.current = None
        self._turn_to(self.list.without([item], back))
        self._keep()
        if ahead:
            self.go_to(ahead[0])
        else:
            self.moved.emit()
