"""Tiny networks with the inputs and outputs of the SAM family, that really segment by colour."""

import warnings

import torch
from torch import nn
from torch.nn import functional

SIDE, POOL, SMALL = 64, 2, 32
"""Side of what the fixed encoders see, how far they reduce it, and what is left."""

LARGE = 1024
"""Side to which the encoder with the preparation inside pads what it is given."""

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
LEVELS = (0.5, 0.9, 0.2)
SCORES = (0.6, 0.5, 0.8)


class Planar(nn.Module):
    """As SAM's: takes 1 × 3 × H × W, already normalised."""

    def forward(self, images):
        return functional.avg_pool2d(images, POOL)


class Planes2(nn.Module):
    """As SAM 2's: gives features of higher resolution first."""

    def forward(self, image):
        return image, image * 2, functional.avg_pool2d(image, POOL)


class Rows(nn.Module):
    """As exporters write it who put the preparation inside: takes H × W × 3 in 0…255."""

    def forward(self, input_image):
        values = (input_image.float() - torch.tensor(MEAN)) / torch.tensor(STD)
        planes = values.permute(2, 0, 1)[None]
        height, width = planes.shape[-2:]
        whole = functional.pad(planes, (0, LARGE - width, 0, LARGE - height))
        return functional.avg_pool2d(whole, LARGE // SMALL)


class Unit(nn.Module):
    """As EfficientSAM's: takes N × 3 × H × W in 0…1."""

    def forward(self, batched_images):
        values = (batched_images * 255 - torch.tensor(MEAN)[:, None, None]) / 57
        return functional.avg_pool2d(values, POOL)


def likeness(features, coords, labels, pool):
    """Return h × w: above 0 where colours are more like positive points than negative ones."""
    height, width = features.shape[-2:]
    columns = (coords[:, 0] / pool).long().clamp(0, width - 1)
    rows = (coords[:, 1] / pool).long().clamp(0, height - 1)
    flat = features.flatten(1)
    points = flat[:, rows * width + columns]
    away = ((flat[:, :, None] - points[:, None]) ** 2).sum(0)
    alike = torch.exp(-2 * away)
    positive = (alike * (labels == 1)).amax(1)
    negative = (alike * (labels == 0)).amax(1)
    # Between the corners of a box, everything else is outside.
    y = (torch.arange(height) + 0.5)[:, None].expand(height, width).reshape(-1) * pool
    x = (torch.arange(width) + 0.5)[None].expand(height, width).reshape(-1) * pool
    first, last = (labels == 2).float(), (labels == 3).float()
    boxed = first.sum()
    left, top = (coords[:, 0] * first).sum(), (coords[:, 1] * first).sum()
    right, bottom = (coords[:, 0] * last).sum(), (coords[:, 1] * last).sum()
    inside = ((x > left) & (x < right) & (y > top) & (y < bottom)).float()
    alone = boxed * (1 - (labels == 1).float().amax())
    positive = torch.maximum(positive, alone * inside)
    score = positive - negative - 2 * boxed * (1 - inside)
    return score.reshape(height, width)


def candidates(features, coords, labels, mask, has_mask, pool=POOL):
    found = likeness(features[0], coords, labels, pool)
    levels = torch.tensor(LEVELS)[:, None, None]
    return found[None] - levels + has_mask * mask.reshape(1, *mask.shape[-2:])


class Decoder(nn.Module):
    """As SAM's export: upsamples, takes the padding off, and scales to the size asked for."""

    def __init__(self, pool=POOL):
        super().__init__()
        self.pool = pool

    def forward(
        self, image_embeddings, point_coords, point_labels, mask_input, has_mask_input, orig_im_size
    ):
        low = candidates(
            image_embeddings,
            point_coords[0],
            point_labels[0],
            mask_input,
            has_mask_input,
            self.pool,
        )[None]
        size = orig_im_size.to(torch.int64)
        side = SMALL * self.pool
        whole = functional.interpolate(low, size=(side, side), mode="bilinear")
        scale = side / size.max().to(torch.float32)
        filled = torch.floor(scale * size + 0.5).to(torch.int64)
        masks = functional.interpolate(
            whole[..., : filled[0], : filled[1]], size=(size[0], size[1]), mode="bilinear"
        )
        return masks, torch.tensor(SCORES)[None] + 0 * low.mean(), low


class Decoder2(nn.Module):
    """As SAM 2's: gives masks of its own size only."""

    def forward(
        self,
        image_embed,
        high_res_feats_0,
        high_res_feats_1,
        point_coords,
        point_labels,
        mask_input,
        has_mask_input,
    ):
        features = image_embed + 0 * (high_res_feats_1 - 2 * high_res_feats_0).mean()
        low = candidates(features, point_coords[0], point_labels[0], mask_input, has_mask_input)
        return low[None], torch.tensor(SCORES)[None] + 0 * low.mean()


class PlainDecoder(nn.Module):
    """Takes points only, and gives small masks of all that the encoder saw, padding too."""

    def forward(self, image_embeddings, point_coords, point_labels):
        none = torch.zeros(1, 1, 1, 1)
        low = candidates(image_embeddings, point_coords[0], point_labels[0], none, 0)
        return low[None], torch.tensor(SCORES)[None] + 0 * low.mean()


class BatchedDecoder(nn.Module):
    """As EfficientSAM's."""

    def forward(self, image_embeddings, batched_point_coords, batched_point_labels, orig_im_size):
        none = torch.zeros(1, 1, 1, 1)
        low = candidates(
            image_embeddings, batched_point_coords[0, 0], batched_point_labels[0, 0], none, 0
        )
        size = orig_im_size.to(torch.int64)
        masks = functional.interpolate(low[None], size=(size[0], size[1]), mode="bilinear")
        return masks[None], (torch.tensor(SCORES) + 0 * low.mean())[None, None]


def write(module, path, samples, inputs, outputs, dynamic=None):
    """Export a network; the sides that may vary are ``dynamic``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns wherever a size is read
        torch.onnx.export(
            module.eval(), samples, path, dynamo=False, opset_version=17,
            input_names=inputs, output_names=outputs, dynamic_axes=dynamic or {},
        )  # fmt: skip


def write_sam(folder, rows=False):
    """Write a pair as of SAM; ``rows``: the encoder takes H × W × 3 of any size."""
    if rows:
        write(Rows(), folder / "encoder.onnx", (torch.zeros(SIDE, SIDE, 3),), ["input_image"],
              ["image_embeddings"], {"input_image": {0: "height", 1: "width"}})  # fmt: skip
    else:
        write(Planar(), folder / "encoder.onnx", (torch.zeros(1, 3, SIDE, SIDE),), ["images"],
              ["image_embeddings"])  # fmt: skip
    samples = (
        torch.zeros(1, 3, SMALL, SMALL), torch.zeros(1, 2, 2), torch.zeros(1, 2),
        torch.zeros(1, 1, SMALL, SMALL), torch.zeros(1), torch.tensor([50.0, 60.0]),
    )  # fmt: skip
    decoder = Decoder(LARGE // SMALL if rows else POOL)
    write(decoder, folder / "decoder.onnx", samples,
          ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input",
           "orig_im_size"],
          ["masks", "iou_predictions", "low_res_masks"],
          {"point_coords": {1: "n"}, "point_labels": {1: "n"}})  # fmt: skip
    return folder


def write_plain(folder):
    """Write a pair without anything that may be left out."""
    write(Planar(), folder / "encoder.onnx", (torch.zeros(1, 3, SIDE, SIDE),), ["images"],
          ["image_embeddings"])  # fmt: skip
    samples = torch.zeros(1, 3, SMALL, SMALL), torch.zeros(1, 2, 2), torch.zeros(1, 2)
    write(PlainDecoder(), folder / "decoder.onnx", samples,
          ["image_embeddings", "point_coords", "point_labels"], ["masks", "iou_predictions"],
          {"point_coords": {1: "n"}, "point_labels": {1: "n"}})  # fmt: skip
    return folder


def write_sam2(folder, points="n"):
    """Write a pair as of SAM 2; ``points``: how many it takes, if that is fixed."""
    write(Planes2(), folder / "x.encoder.onnx", (torch.zeros(1, 3, SIDE, SIDE),), ["image"],
          ["high_res_feats_0", "high_res_feats_1", "image_embed"])  # fmt: skip
    count = 2 if points == "n" else points
    samples = (
        torch.zeros(1, 3, SMALL, SMALL), torch.zeros(1, 3, SIDE, SIDE),
        torch.zeros(1, 3, SIDE, SIDE), torch.zeros(1, count, 2), torch.zeros(1, count),
        torch.zeros(1, 1, SMALL, SMALL), torch.zeros(1),
    )  # fmt: skip
    free = {"point_coords": {1: "n"}, "point_labels": {1: "n"}} if points == "n" else {}
    write(Decoder2(), folder / "x.decoder.onnx", samples,
          ["image_embed", "high_res_feats_0", "high_res_feats_1", "point_coords", "point_labels",
           "mask_input", "has_mask_input"],
          ["masks", "iou_predictions"], free)  # fmt: skip
    return folder


def write_efficient(folder):
    """Write a pair as of EfficientSAM."""
    sides = {"batched_images": {2: "height", 3: "width"}, "image_embeddings": {2: "h", 3: "w"}}
    write(Unit(), folder / "encoder.onnx", (torch.zeros(1, 3, SIDE, SIDE),), ["batched_images"],
          ["image_embeddings"], sides)  # fmt: skip
    samples = (
        torch.zeros(1, 3, SMALL, SMALL), torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2),
        torch.tensor([50, 60]),
    )  # fmt: skip
    free = {"batched_point_coords": {2: "n"}, "batched_point_labels": {2: "n"}}
    write(BatchedDecoder(), folder / "decoder.onnx", samples,
          ["image_embeddings", "batched_point_coords", "batched_point_labels", "orig_im_size"],
          ["output_masks", "iou_predictions"], free | sides)  # fmt: skip
    return folder
