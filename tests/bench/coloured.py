"""Coloured images made of noise, in CIFAR-10's binary form: what the bench trains on where colour is asked for."""

import pathlib

import torch
from torch import Tensor

CHANNELS, SIDE = 3, 32
TRAIN_IMAGES, TEST_IMAGES = 10000, 200


def records(count: int, seed: int) -> Tensor:
    """A label, then the channels' pixels; bytes [count, 1 + 3072]."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randint(256, (count, 1 + CHANNELS * SIDE * SIDE), generator=generator, dtype=torch.uint8)
    rows[:, 0] %= 10
    return rows


def write(folder: pathlib.Path) -> None:
    """As many images as a training batch of CIFAR-10 has, and few to test with."""
    for name, count, seed in (("data_batch_1", TRAIN_IMAGES, 1), ("test_batch", TEST_IMAGES, 2)):
        (folder / f"{name}.bin").write_bytes(records(count, seed).numpy().tobytes())


def images(device: torch.device) -> list[Tensor]:
    """Pixels [N, 3072] in 0 … 1 and labels [N], for training and for testing."""
    parts = [records(TRAIN_IMAGES, 1), records(TEST_IMAGES, 2)]
    return [tensor.to(device) for rows in parts
            for tensor in (rows[:, 1:].to(torch.float32) / 255, rows[:, 0].to(torch.int64))]
