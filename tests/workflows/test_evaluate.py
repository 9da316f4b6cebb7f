import cv2
import numpy as np
import pytest

from segstudio.domain.records import Split
from segstudio.domain.task import Quiet
from segstudio.errors import UserError
from segstudio.workflows.evaluate import evaluate_files, evaluate_project
from segstudio.workflows.models import in_use


def by_hand(model, picture, reference):
    """Count pixels of reference class by predicted class, the slow way."""
    said = model.logits(cv2.imread(str(picture))[:, :, ::-1]).argmax(0)
    counts = np.zeros((3, 4), int)
    for right, found in zip(reference.ravel(), said.ravel(), strict=True):
        if right != 255:
            counts[right, found] += 1
    return counts


def test_a_project_is_measured_on_its_split(trained):
    found = in_use(trained)
    done = evaluate_project(trained, found, Quiet(), threads=1)
    folder = trained.root.parent
    reference = cv2.imread(str(folder / "masks" / "p4.png"), cv2.IMREAD_UNCHANGED)
    counts = by_hand(found.open(1), folder / "pictures" / "p4.png", reference)
    np.testing.assert_array_equal(done.confusion.counts, counts)
    summary = done.summary()
    assert done.images == 1
    assert list(summary["iou"]) == ["ground", "box", "disc"]
    hit, all_of, said = counts[0, 0], counts[0].sum(), counts[:, 0].sum()
    assert summary["iou"]["ground"] == pytest.approx(hit / (all_of + said - hit))
    assert summary["miou"] == pytest.approx(np.mean(list(summary["iou"].values())))


def test_the_metrics_of_a_run_are_those_of_its_bundle(trained):
    """Training measures the torch module, evaluating the exported model."""
    done = evaluate_project(trained, in_use(trained), Quiet(), threads=1)
    assert trained.runs()[0].metrics["miou"] == pytest.approx(done.confusion.miou, abs=0.01)


def test_files_are_measured_with_their_masks(trained):
    folder = trained.root.parent
    rewritten = cv2.imread(str(folder / "masks" / "p4.png"), cv2.IMREAD_UNCHANGED)
    rewritten[rewritten == 1] = 77
    cv2.imwrite(str(folder / "masks" / "p4.png"), rewritten)
    done = evaluate_files(
        in_use(trained), [folder / "pictures"], folder / "masks", (77,), Quiet(), threads=1
    )
    assert done.images == 4
    assert {f.path.rpartition("/")[2]: f.reason for f in done.failed} == {
        "p5.png": "it has no mask", "p6.png": "it has no mask",
    }  # fmt: skip
    masks = [cv2.imread(str(folder / "masks" / f"p{n}.png"), -1) for n in (1, 2, 3, 4)]
    known = sum(int((mask < 77).sum()) for mask in masks)
    assert done.confusion.counts.sum() == known


def test_a_split_without_labels_is_refused(trained):
    with pytest.raises(UserError, match="split test"):
        evaluate_project(trained, in_use(trained), Quiet(), Split.TEST)


def test_labels_where_there_is_no_data_count_as_missed(trained, tmp_path):
    """Windows without a valid pixel are not predicted, but their reference still counts."""
    import rasterio

    pixels = np.zeros((4, 1400, 700), np.uint8)
    pixels[:3, :700], pixels[3, :700] = 90, 255
    path = tmp_path / "half.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=1400, width=700, count=4, dtype="uint8",
        photometric="RGB", alpha="yes",
        transform=rasterio.Affine(2, 0, 0, 0, -2, 0), crs="EPSG:32632",
    ) as file:  # fmt: skip
        file.write(pixels)
    (tmp_path / "masks").mkdir()
    cv2.imwrite(str(tmp_path / "masks" / "half.png"), np.ones((1400, 700), np.uint8))
    done = evaluate_files(in_use(trained), [path], tmp_path / "masks", (), Quiet(), threads=1)
    assert done.confusion.counts[1].sum() == 1400 * 700
    assert done.confusion.counts[1, -1] == 700 * 700
