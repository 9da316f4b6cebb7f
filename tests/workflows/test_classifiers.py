"""Pixel classifiers as models: trained, saved, used like those of networks."""

import json

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.inference.predict import predict
from segstudio.methods.builtin.pixel_forest import PixelForest
from segstudio.methods.samples import Samples
from segstudio.store.pictures import open_picture
from segstudio.workflows.classifiers import (
    classifier,
    classifiers,
    save_classifier,
    train_classifier,
)
from segstudio.workflows.items import OpenItem
from segstudio.workflows.models import in_use

QUIET = Quiet()
SMALL = PixelForest(scales=(1.0, 2.0), trees=8, per_class=200)


def predicted(model, picture):
    info = picture.info
    out = np.full((info.height, info.width), 255, np.uint8)
    for box, ids, _ in predict(model, info.height, info.width, picture.read, QUIET):
        out[box.slices] = ids
    return out


def whole(project, image):
    picture = open_picture(project.path_of(image))
    return picture, picture.read(Box(0, 0, picture.info.height, picture.info.width))


def test_a_trained_forest_is_a_run_and_the_model_in_use(project):
    report = train_classifier(project, SMALL, QUIET)
    assert report.network == "pixel_forest"
    assert report.miou > 0.5
    assert not report.indicative
    run = project.runs()[0]
    assert (run.id, run.status, run.metrics["split"]) == (report.run, "done", "val")
    assert run.metrics["largest_difference"] < 1e-3
    names = {file.name for file in report.bundle.iterdir()}
    assert names == {"model.onnx", "weights.safetensors", "card.json"}
    card = in_use(project).open().card
    assert card.ids == tuple(label.id for label in project.classes())
    assert card.network == "pixel_forest"
    assert card.settings["network"]["trees"] == 8
    assert card.training_data
    assert card.metrics["miou"] == report.miou
    assert json.loads((report.bundle.parent / "metrics.json").read_text())["miou"] == report.miou


def test_the_figure_is_that_of_the_model(project):
    from segstudio.domain.metrics import Confusion

    report = train_classifier(project, SMALL, QUIET)
    model = Model.open(report.bundle)
    (val,) = [i for i in project.labelled() if i.split == Split.VAL]
    picture, _ = whole(project, val)
    confusion = Confusion(model.card.ids)
    confusion.add(project.layers(val).mask.read(val.box), predicted(model, picture))
    assert confusion.miou == pytest.approx(report.miou, abs=1e-12)


def test_the_model_says_just_what_the_classifier_says(project):
    image = project.labelled()[0]
    picture, tile = whole(project, image)
    strokes = project.layers(image).mask
    state = SMALL.fit(Samples([OpenItem(picture)], strokes=[strokes]), QUIET)
    report = save_classifier(project, SMALL, state, QUIET)
    assert report.miou is None
    model = Model.open(report.bundle)
    assert (predicted(model, picture) == SMALL.apply(tile, state)).all()
    shares = model.probabilities(tile.pixels)
    own = SMALL.probabilities(tile, state)
    known = [model.card.ids.index(id) for id in state.classes]
    assert np.abs(shares[known] - own).max() < 1e-4
    assert project.runs()[0].metrics["miou"] is None


def test_a_class_that_was_not_painted_is_never_predicted(project):
    image = project.labelled()[0]
    picture, tile = whole(project, image)
    ids = project.layers(image).mask.read(image.box)
    ids[ids == 1] = 255
    builder = LayerBuilder(image.height, image.width)
    builder.write(image.box, ids)
    strokes = SparseLayer(image.height, image.width, builder.finish())
    state = SMALL.fit(Samples([OpenItem(picture)], strokes=[strokes]), QUIET)
    assert state.classes == (0, 2)
    model = Model.open(save_classifier(project, SMALL, state, QUIET).bundle)
    assert model.card.ids == (0, 1, 2)
    found = predicted(model, picture)
    assert (found == SMALL.apply(tile, state)).all()
    assert set(np.unique(found)) == {0, 2}


def test_a_run_that_was_cancelled_says_so(project):
    class Impatient:
        left = 12

        def report(self, done, total, text):
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        train_classifier(project, SMALL, Impatient())
    assert project.runs()[0].status == "cancelled"
    with pytest.raises(UserError, match="no model yet"):
        in_use(project)


def test_settings_are_checked():
    assert "pixel_forest" in classifiers()
    assert "kmeans" not in classifiers()
    assert classifier("pixel_forest", {"trees": "4"}) == PixelForest(trees=4)
    with pytest.raises(UserError, match="steps"):
        classifier("pixel_forest", {"steps": 4})
