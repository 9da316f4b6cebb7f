"""What simple methods reach: a random forest on colour and position, k-means, multi-Otsu."""

import time
from argparse import Namespace

from segstudio.cli.console import Answer, counted, figure, table
from segstudio.domain.records import Split
from segstudio.domain.task import Task
from segstudio.store.project import Project
from segstudio.workflows.compare import project_baselines

HELP = "simple methods, which a network must be better than"


def study(project: Project, arguments: Namespace, task: Task) -> Answer:
    """Learn from the labelled pictures of train and pool, measure on those of the split."""
    began, split = time.monotonic(), Split(arguments.split)
    found = project_baselines(project, task, arguments.seed, split)
    names = {label.id: label.name for label in project.classes()}
    figures = {name: one.confusion.summary(names) for name, one in found.items()}
    rows = [
        {
            "method": name,
            "miou": figures[name]["miou"],
            "pixel_accuracy": figures[name]["pixel_accuracy"],
            "iou": figures[name]["iou"],
            "seconds": round(one.seconds, 3),
        }
        for name, one in found.items()
    ]
    images = sum(image.split == split for image in project.labelled())
    values = {
        "study": "baselines",
        "split": str(split),
        "images": images,
        "rows": rows,
        "seconds": round(time.monotonic() - began, 3),
    }
    head = f"learned from train and pool, measured on {counted(images, 'picture')} of {split}"
    methods = [
        {
            "method": row["method"],
            "mIoU": figure(row["miou"]),
            "accuracy": figure(row["pixel_accuracy"]),
            "seconds": f"{row['seconds']:.1f}",
        }
        for row in rows
    ]
    classes = [
        {"class": name, **{method: figure(one["iou"][name]) for method, one in figures.items()}}
        for name in names.values()
    ]
    return Answer(values, f"{head}\n{table(methods)}\n\nIoU by class\n{table(classes)}")
