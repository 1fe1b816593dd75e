"""Tags are written as the standard library writes them, and hex is read back as strictly."""

from __future__ import annotations

import base64
import random

import numpy as np
import pyarrow as pa
import pytest

from transforms.crypto.blocks import run_of
from transforms.crypto.encodings import BASE32, HEX, read_hex


def written(encoding, tags: bytes) -> str:
    text = np.empty(len(tags) // 16 * encoding.width, np.uint8)
    encoding.write(np.frombuffer(tags, np.uint8), text)
    return text.tobytes().decode()


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_hex_is_that_of_the_standard_library(count):
    tags = random.Random(count).randbytes(16 * count)
    assert written(HEX, tags) == tags.hex()


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_base32_is_that_of_the_standard_library_without_padding(count):
    tags = random.Random(count).randbytes(16 * count)
    alone = [tags[start : start + 16] for start in range(0, len(tags), 16)]
    assert written(BASE32, tags) == "".join(base64.b32encode(tag).decode().rstrip("=") for tag in alone)


def test_every_byte_has_its_two_characters():
    assert written(HEX, bytes(range(256))) == bytes(range(256)).hex()


def test_hex_of_either_case_is_read():
    run, good = read_hex(run_of(pa.array(["00fF", "", "0aBC"])))
    assert good.all()
    assert run.data.tobytes() == bytes.fromhex("00ff0abc")
    assert run.offsets.tolist() == [0, 2, 2, 4]


@pytest.mark.parametrize("bad", ["0", "0g", "é0", " 00", "0x", "0\n", "00 "])
def test_what_is_no_hex_is_named_by_row(bad):
    _, good = read_hex(run_of(pa.array(["00", bad, "ff", bad, "aa"])))
    assert good.tolist() == [True, False, True, False, True]
