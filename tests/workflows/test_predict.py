import cv2
import numpy as np
import pytest

from segstudio.domain.classes import parse_class
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import State, class_row
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer
from segstudio.store.pictures import open_picture
from segstudio.workflows.items import Item, OpenItem, to_propose
from segstudio.workflows.models import Found, in_use
from segstudio.workflows.predict import pieces, plan_predict, predict_files


def whole(model, path):
    """Predict a picture without any of the workflow's machinery."""
    pixels = cv2.imread(str(path))[:, :, ::-1]
    return model.logits(pixels).argmax(0).astype(np.uint8)


def test_proposals_are_what_the_model_says(trained):
    planned = plan_predict(trained, to_propose(trained), in_use(trained), Quiet(), threads=1)
    assert planned.batch.written == planned.batch.images == 2
    trained.apply(planned.edit)
    model = in_use(trained).open(1)
    for image in trained.images()[-2:]:
        assert image.state == State.PROPOSED
        proposal = trained.layers(image)[Layer.PROPOSAL].read(image.box)
        np.testing.assert_array_equal(proposal, whole(model, trained.path_of(image)))


def test_classes_of_a_foreign_model_go_by_name(trained):
    swapped = [class_row(parse_class("box", 0)), class_row(parse_class("ground", 1))]
    rows = [RowChange("classes", row["id"], None, row) for row in swapped]
    trained.apply(Edit("Swap", rows=(*rows, RowChange("classes", 2, None, None))))
    foreign = Found(trained.run_folder(1) / "model")
    trained.apply(plan_predict(trained, to_propose(trained), foreign, Quiet(), threads=1).edit)
    image = trained.images()[-1]
    proposal = trained.layers(image)[Layer.PROPOSAL].read(image.box)
    said = whole(foreign.open(1), trained.path_of(image))
    np.testing.assert_array_equal(proposal, np.array([1, 0, 255], np.uint8)[said])


def test_files_hold_masks_and_entropy(trained, tmp_path):
    import rasterio

    pictures = sorted((trained.root.parent / "pictures").iterdir())
    found, out = in_use(trained), tmp_path / "out"
    batch = predict_files([Item(p) for p in pictures], found, out, Quiet(), True, threads=1)
    assert (batch.images, batch.written) == (6, 12)
    mask = cv2.imread(str(out / "p1.png"), cv2.IMREAD_COLOR)
    colours = np.array([c.colour for c in found.open(1).card.classes], np.uint8)
    np.testing.assert_array_equal(mask[:, :, ::-1], colours[whole(found.open(1), pictures[0])])
    with rasterio.open(out / "p1.entropy.tif") as file:
        doubt = file.read(1)
    assert doubt.dtype == np.float32
    assert doubt.shape == (64, 96)
    picture = OpenItem(open_picture(pictures[0]))
    ((_, _, expected),) = pieces(found.open(1), picture, Quiet(), True)
    np.testing.assert_array_equal(doubt, expected)
    assert doubt.min() >= 0
    assert doubt.max() <= 1


def test_an_interruption_keeps_the_files_that_are_whole(trained, tmp_path):
    pictures = sorted((trained.root.parent / "pictures").iterdir())

    class Impatient(Quiet):
        def report(self, done, total, text):
            if done >= 40:
                raise Cancelled

    items = [Item(p) for p in pictures]
    batch = predict_files(items, in_use(trained), tmp_path / "out", Impatient(), threads=1)
    assert batch.interrupted
    assert len(list((tmp_path / "out").iterdir())) == batch.written == 2


@pytest.mark.parametrize("side", [300, 700])
def test_outputs_do_not_depend_on_the_windows(trained, tmp_path, side, monkeypatch):
    """Large pictures come in several windows, in rows: the files are put together from them."""
    import rasterio

    from segstudio.workflows import predict as module
    from segstudio.workflows.outputs import Outputs

    rng = np.random.default_rng(0)
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), rng.integers(0, 255, (side, side + 130, 3), np.uint8))
    ids = rng.integers(0, 3, (side, side + 130)).astype(np.uint8)
    doubt = rng.random((side, side + 130), np.float32)
    from segstudio.domain.geometry import Box

    boxes = list(Box(0, 0, side, side + 130).tiles(200))
    given = ((box, ids[box.slices], doubt[box.slices]) for box in boxes if box.top != 200)
    item = Item(path)
    outputs = Outputs(tmp_path / "out", [item], module.classes_of(in_use(trained).open(1).card))
    outputs.write(item, open_picture(path).info, given, True, Quiet())
    with rasterio.open(tmp_path / "out" / "large.entropy.tif") as file:
        written = file.read(1)
    missing = slice(200, min(400, side))
    assert np.isnan(written[missing]).all()
    np.testing.assert_array_equal(np.delete(written, missing, 0), np.delete(doubt, missing, 0))
