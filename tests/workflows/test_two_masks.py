import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED, LabelClass, default_colour
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Packed, SparseLayer, keys_of, tile_box
from segstudio.errors import UserError
from segstudio.resources import models_folder
from segstudio.scenes.scene import scenes
from segstudio.store.pictures import open_picture
from segstudio.store.project import Project
from segstudio.workflows.items import OpenItem
from segstudio.workflows.models import Found
from segstudio.workflows.predict import pieces
from segstudio.workflows.two_masks import figures, predicted_layer, reference_layer

CLASSES = [LabelClass(id, name, default_colour(id)) for id, name in enumerate("abc")]


def layer_of(ids):
    made = SparseLayer(*ids.shape)
    for key in keys_of(made.box):
        whole = tile_box(key)
        tile = np.full((256, 256), UNLABELLED, np.uint8)
        part = whole.clipped(made.box)
        tile[part.within(whole)] = ids[part.slices]
        made.put(key, Packed.of(tile))
    return made


def masks(seed, shape=(300, 520)):
    rng = np.random.default_rng(seed)
    small = rng.choice([0, 1, 2, UNLABELLED], (shape[0] // 10, shape[1] // 10))
    return np.kron(small, np.ones((10, 10), int)).astype(np.uint8)


@pytest.mark.parametrize("seed", range(3))
def test_every_pixel_is_counted_once(seed):
    first, second = masks(seed), masks(seed + 50)
    found = figures(layer_of(first), layer_of(second), [0, 1, 2], Quiet())
    assert found.only_first == ((first != 255) & (second == 255)).sum()
    assert found.only_second == ((first == 255) & (second != 255)).sum()
    assert found.different == ((first != second) & (first != 255) & (second != 255)).sum()
    assert found.same == ((first == second) & (first != 255)).sum()
    assert found.differing == (first != second).sum()
    assert found.share == pytest.approx(
        (first != second).sum() / (np.minimum(first, second) < 255).sum()
    )
    confusion = Confusion((0, 1, 2))
    confusion.add(second, first)
    assert found.miou == pytest.approx(confusion.miou)


def test_two_empty_masks_do_not_differ():
    nothing = SparseLayer(300, 300)
    found = figures(nothing, nothing, [0], Quiet())
    assert (found.differing, found.same, found.share, found.miou) == (0, 0, 0.0, None)


def test_counting_can_be_stopped():
    class Stopped:
        def report(self, done, total, text):
            raise Cancelled

    with pytest.raises(Cancelled):
        figures(layer_of(masks(0)), layer_of(masks(1)), [0, 1, 2], Stopped())


def test_a_reference_is_read_as_it_is(tmp_path):
    import cv2

    ids = masks(3)
    cv2.imwrite(str(tmp_path / "m.png"), ids)
    found = reference_layer(tmp_path / "m.png", ids.shape, CLASSES, Quiet())
    assert np.array_equal(found.read(found.box), ids)
    with pytest.raises(UserError, match="520 × 300"):
        reference_layer(tmp_path / "m.png", (300, 300), CLASSES, Quiet())
    with pytest.raises(UserError, match="2"):
        reference_layer(tmp_path / "m.png", ids.shape, CLASSES[:2], Quiet())


def test_a_prediction_is_that_of_predict_in_the_classes_of_the_project(tmp_path):
    from PIL import Image

    rendered = scenes["facade"]().render(0, 0)
    Image.fromarray(rendered.pixels[:240, :320]).save(tmp_path / "f.png")
    # Another order of classes than the model's, and fewer.
    names = ["sign", "facade", "background"]
    project = Project.create(
        tmp_path / "p", [LabelClass(i, n, default_colour(i)) for i, n in enumerate(names)]
    )
    picture = open_picture(tmp_path / "f.png")
    found = Found(models_folder() / "facade_fast_scnn")
    try:
        layer = predicted_layer(found, project, picture, Quiet(), threads=1)
        model = found.open(1)
        raw = np.full((240, 320), UNLABELLED, np.uint8)
        for box, ids, _ in pieces(model, OpenItem(picture), Quiet()):
            raw[box.slices] = ids
    finally:
        picture.close()
        project.close()
    wanted = np.full(raw.shape, UNLABELLED, np.uint8)
    own = {label.name: label.id for label in model.card.classes}
    for id, name in enumerate(names):
        wanted[raw == own[name]] = id
    assert np.array_equal(layer.read(layer.box), wanted)
    assert len(np.unique(wanted)) > 1
