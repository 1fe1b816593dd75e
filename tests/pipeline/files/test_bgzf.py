"""That BGZF is written as the specification says, and damage is seen."""

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.files.bgzf import END, DamagedBlock, compressed, is_bgzf, read_blocks


@given(st.binary(max_size=3000), st.integers(0, 60))
def test_what_is_written_reads_back(data, times):
    whole = compressed(data * times) + END
    assert gzip.decompress(whole) == data * times
    assert b"".join(block.data for block in read_blocks(BytesIO(whole))) == data * times
    assert b"".join(block.raw for block in read_blocks(BytesIO(whole))) == whole
    assert is_bgzf(whole)


def test_bytes_that_do_not_get_smaller_still_fit_a_block():
    import os

    noise = os.urandom(200_000)
    blocks = list(read_blocks(BytesIO(compressed(noise) + END)))
    assert b"".join(block.data for block in blocks) == noise
    assert max(len(block.raw) for block in blocks) <= 1 << 16


def test_the_last_block_is_the_one_of_the_specification():
    assert len(END) == 28
    assert gzip.decompress(END) == b""


WHOLE = compressed(b"chr1\t1\n" * 20_000) + END


@pytest.mark.parametrize(
    "damaged",
    [
        WHOLE[: -len(END)],
        WHOLE[:-1],
        WHOLE[:5],
        WHOLE[:200],
        WHOLE[:100] + b"\0" + WHOLE[101:],
        WHOLE[:16] + b"\0\0" + WHOLE[18:],
        WHOLE[:16] + b"\x05\0" + WHOLE[18:],
        gzip.compress(b"chr1"),
        b"\x1f\x8b\x08\x04" + b"\0" * 40,
    ],
    ids=range(9),
)
def test_a_damaged_file_is_seen(damaged):
    with pytest.raises(DamagedBlock):
        list(read_blocks(BytesIO(damaged)))


def test_plain_gzip_is_not_taken_for_it():
    assert not is_bgzf(gzip.compress(b"x" * 100))
