"""MNIST's files, read and cut apart from the program."""

import gzip
import math
import pathlib
import struct

import torch
from torch import Tensor

PARTS = ("train", "t10k")


def read_idx(folder: pathlib.Path, name: str) -> tuple[list[int], bytearray]:
    """Shape and bytes of one of the files."""
    content = bytearray(gzip.decompress((folder / f"{name}.gz").read_bytes()))
    zero, kind, dimensions = struct.unpack_from(">HBB", content)
    assert (zero, kind) == (0, 8), "unsigned bytes are expected"
    shape = list(struct.unpack_from(f">{dimensions}I", content, 4))
    return shape, content[4 + 4 * dimensions:]


def images(folder: pathlib.Path, part: str) -> tuple[Tensor, Tensor]:
    """Pixels [N, 784] in 0 … 1 and labels [N] of "train" or "t10k"."""
    shape, pixels = read_idx(folder, f"{part}-images-idx3-ubyte")
    _, labels = read_idx(folder, f"{part}-labels-idx1-ubyte")
    return (torch.frombuffer(pixels, dtype=torch.uint8).view(shape[0], -1).to(torch.float32) / 255,
            torch.frombuffer(labels, dtype=torch.uint8).to(torch.int64))


def write_first(folder: pathlib.Path, to: pathlib.Path, train: int, t10k: int) -> None:
    """Files like those of the folder, with the first so many images of each part."""
    for part, count in zip(PARTS, (train, t10k)):
        for name in (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"):
            shape, values = read_idx(folder, name)
            shape[0] = count
            header = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
            (to / name).write_bytes(header + values[:math.prod(shape)])
