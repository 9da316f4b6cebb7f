"""The queue in the window: its order, the item in hand, and what is done of it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem
from segstudio.gui.jobs import Job
from segstudio.gui.queue_choice import QueueChoice
from segstudio.gui.session import Session
from segstudio.gui.stage import Stage

Key = tuple[int, Box | None]
"""What tells an item of the queue from the others: its picture, and the box of it."""

FACT = "queue"
"""The project's fact that holds how its queue is ordered."""


def key_of(item: QueueItem) -> Key:
    return item.image, item.box


class Queueing(QObject):
    """Keeps the queue of the project; ``current`` is the item that the person is on.

    ``choice`` is how the queue is ordered next.
    """

    changed = Signal()
    ranked = Signal()
    moved = Signal()
    """Another item is in hand, or more of it is labelled."""
    settled = Signal(object, bool)
    """An item is labelled now, or after undo is not any more."""

    def __init__(self, session: Session, stage: Stage) -> None:
        super().__init__(session)
        self._session, self._stage = session, stage
        self.choice = QueueChoice()
        self.items: list[QueueItem] = []
        """What is left to label, in order."""
        self.current: QueueItem | None = None
        self.share = 0.0
        """How much of the item in hand is labelled."""
        self.notes: list[str] = []
        """What was done at the last ordering instead of what was asked for."""
        self.ordering: Job | None = None
        self._all: list[QueueItem] = []
        self._left: dict[Key, bool] = {}
        self._of_image: dict[int, list[QueueItem]] = {}
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look_at_open)
        session.project_changed.connect(self._reload)
        session.images_changed.connect(self._follow_images)
        session.history_changed.connect(lambda: self._looking.start(0))
        session.image_opened.connect(self._opened)
        session.image_closed.connect(lambda: self.let_go())

    # -- what there is ---------------------------------------------------------------

    @property
    def listed(self) -> list[QueueItem]:
        """What is left to label, and the item in hand, labelled or not, in its place."""
        here = self.current
        if here is None or here in self.items:
            return self.items
        place = sum(self._left[key_of(i)] for i in self._all[: self._place(here)])
        return [*self.items[:place], here, *self.items[place:]]

    def is_done(self, item: QueueItem) -> bool:
        """Tell whether an item is labelled."""
        return not self._left.get(key_of(item), True)

    def _place(self, item: QueueItem) -> int:
        keys = [key_of(each) for each in self._all]
        return keys.index(key_of(item)) if key_of(item) in keys else 0

    def _reload(self) -> None:
        from segstudio.workflows.queue import settled

        project = self._session.project
        self.current, self.notes = None, []
        self._show([])
        if project is None:
            return

        def work(job: Job) -> tuple[str, list[QueueItem], list[bool]]:
            items = project.queue()
            return project.fact(FACT), items, settled(project, items)

        job = self._session.jobs.start("Reading the queue", work, "quick")
        job.succeeded.connect(lambda found: self._read(*found))

    def _read(self, choice: str, items: list[QueueItem], done: list[bool]) -> None:
        self.choice = QueueChoice.from_text(choice)
        self._show(items, done)

    def _show(self, items: Sequence[QueueItem], done: Sequence[bool] | None = None) -> None:
        from segstudio.workflows.queue import settled_by_state

        images = self._session.images
        flags = done or [False] * len(items)
        self._all, self._left, self._of_image = [], {}, {}
        for item, was in zip(items, flags, strict=True):
            if item.image in images:
                known = settled_by_state(item, images[item.image])
                self._all.append(item)
                self._left[key_of(item)] = not (was if known is None else known)
                self._of_image.setdefault(item.image, []).append(item)
        self._gather()
        self._look_at_open()

    # -- what is done ----------------------------------------------------------------

    def _follow_images(self, ids: list[int]) -> None:
        """Leave out what is labelled now, and bring back what undo has made unlabelled again.

        A picture that has left the project does not come back with it: another one may get
        its number.
        """
        gone = {id for id in ids if id in self._of_image and id not in self._session.images}
        if gone:
            self._drop([item for id in gone for item in self._of_image[id]])
        known = [item for id in ids if id not in gone for item in self._of_image.get(id, ())]
        if self._settle(known):
            self._gather()

    def _settle(self, items: Any) -> bool:
        """Note what the states of their pictures say of items; true where it is new."""
        from segstudio.workflows.queue import settled_by_state

        turned = False
        for item in items:
            known = settled_by_state(item, self._session.images[item.image])
            turned |= known is not None and self._note(item, known)
        return turned

    def _look_at_open(self) -> None:
        """Note what is labelled in the items of the open picture."""
        from segstudio.workflows.pool import HALF
        from segstudio.workflows.queue import labelled_share, settled_by_state

        image, layers = self._session.image, self._session.layers
        if image is None or layers is None:
            return
        turned = False
        for item in self._of_image.get(image.id, ()):
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
        if self._left[key_of(item)] is not done:
            return False
        self._left[key_of(item)] = not done
        self.settled.emit(item, done)
        return True

    def _drop(self, items: Sequence[QueueItem]) -> None:
        gone = {key_of(item) for item in items}
        self._all = [item for item in self._all if key_of(item) not in gone]
        for item in items:
            self._left.pop(key_of(item), None)
        for id in {item.image for item in items}:
            self._of_image[id] = [i for i in self._of_image[id] if key_of(i) not in gone]
        if self.current is not None and key_of(self.current) in gone:
            self.let_go()
        self._gather()

    def _gather(self) -> None:
        self.items = [item for item in self._all if self._left[key_of(item)]]
        self.changed.emit()

    # -- ordering --------------------------------------------------------------------

    def choose(
        self,
        strategy: str | None = None,
        batch: int | None = None,
        values: dict[str, Any] | None = None,
    ) -> None:
        """Order the queue in another way from the next time on; the project remembers it."""
        self.choice.change(strategy, batch, values)
        project = self._session.project
        if project is not None and project.writable:
            project.set_fact(FACT, self.choice.to_text())

    def rank(self) -> Job | None:
        """Choose what to label next; the item in hand stays where it is."""
        from segstudio.workflows.rank import rank

        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None
        if self.ordering is not None:
            return self.ordering
        strategy, budget = self.choice.part(), self.choice.batch
        job = session.jobs.start(
            "Ordering the queue", lambda job: rank(project, job, strategy, None, budget, threads=1)
        )
        self.ordering = job
        job.succeeded.connect(lambda ranking: self._take(ranking.items, ranking.notes))
        job.failed.connect(session.say_error)
        job.finished.connect(self._ordered)
        self.changed.emit()
        return job

    def refresh(self) -> None:
        """After a training: order anew what the person has been labelling from."""
        if self._all:
            self.rank()

    def _ordered(self) -> None:
        self.ordering = None
        self.changed.emit()

    def _take(self, items: Sequence[QueueItem], notes: Sequence[str] = ()) -> None:
        """Take over a new order, under the hand of the person: their item stays theirs."""
        self.notes = list(notes)
        here, done = self.current, self.current is not None and self.is_done(self.current)
        rest = [i for i in items if here is None or key_of(i) != key_of(here)]
        if here is None:
            self._show(rest)
        else:
            place = min(max(0, self.listed.index(here)), len(rest))
            self._show(
                [*rest[:place], here, *rest[place:]],
                [False] * place + [done] + [False] * (len(rest) - place),
            )
        self.ranked.emit()

    # -- the item in hand ------------------------------------------------------------

    def next_item(self) -> None:
        """Go to the next item; after the last to the first."""
        listed, here = self.listed, self.current
        if not self.items:
            self._session.said.emit("the queue is empty", "order it first: Queue, then Order")
            return
        if here is None and self._session.image is not None:
            places = [n for n, i in enumerate(listed) if i.image == self._session.image.id]
            # Whoever looks at a whole picture of the queue already goes on to the next one.
            here = next((listed[n] for n in places if listed[n].box is None), None)
        place = listed.index(here) + 1 if here in listed else 0
        ahead = [item for item in [*listed[place:], *listed[:place]] if not self.is_done(item)]
        self.go_to(ahead[0])

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
        listed = self.listed
        place = listed.index(item) + 1
        ahead = [i for i in [*listed[place:], *listed[:place]] if not self.is_done(i) and i != item]
        rest = [i for i in self._all if key_of(i) != key_of(item)]
        flags = [self.is_done(i) for i in rest]
        if back:
            rest, flags = [*rest, item], [*flags, self.is_done(item)]
        self.current = None
        self._show(rest, flags)
        project = self._session.project
        if project is not None:
            project.set_queue(rest)
        if ahead:
            self.go_to(ahead[0])
        else:
            self.moved.emit()
