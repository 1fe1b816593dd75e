"""How fast are DICOM files and VCF files released, next to reading and writing them, and to copying? CPU time, one run.

`python benchmarks images`. DICOM: pydicom's CT slice (266 elements, 180 of them private) as a study of many slices. VCF: invented
variants, of 2 samples (short lines) and of 2,500 (long ones), beside `gzip` and a plain copy.
"""

from __future__ import annotations

import io
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import pydicom

from pipeline.files.bgzf import END, compressed
from pipeline.records.dicom import DicomFormat
from pipeline.records.formats import shipped_rules
from pipeline.records.making import Account, without_cycle_search
from pipeline.records.vcf import VcfFormat
from transforms import Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.records import RecordFormat, RecordWork

KEY = Key(bytes(range(32)), domain="bench", id="bench")
SLICES = 400
ROUNDS = 3
WANTED = 200


def main() -> int:
    """Print the tables; 1 if DICOM is below what it must reach."""
    with tempfile.TemporaryDirectory() as folder:
        files = study(Path(folder))
        ours = SLICES / best(lambda: release(DicomFormat(), files))
        theirs = SLICES / best(lambda: rewrite(files))
        print(f"### DICOM: {SLICES} CT slices of {files[0].stat().st_size / 1024:.0f} KiB, one core\n")
        print("| what | files/s | of pydicom's |\n| --- | --- | --- |")
        print(f"| released by the profile, pixels included | {ours:,.0f} | {ours / theirs:.2f} |")
        print(f"| pydicom: read, every element parsed, written | {theirs:,.0f} | 1.00 |")
        print(f"\nAt least {WANTED} files/s: {'reached' if ours >= WANTED else 'MISSED'}.")
        print(f"Peak memory after 1 and {1 + 2 * ROUNDS} times the study: {' and '.join(memory(files))}.\n")
        print("### VCF: CPU seconds, one core\n")
        print(
            "| file | released | released from BGZF | copied | gzip -d | gzip |\n| --- | --- | --- | --- | --- | --- |"
        )
        for name, samples, lines in (("2 samples", 2, 600_000), ("2,500 samples", 2_500, 5_000)):
            print(variants_row(Path(folder), name, samples, lines), flush=True)
    return 0 if ours >= WANTED else 1


def best(work: Callable[[], object]) -> float:
    """The best of a few rounds, in seconds of CPU time."""
    taken = []
    for _ in range(ROUNDS):
        begun = process_time()
        work()
        taken.append(process_time() - begun)
    return min(taken)


def release(form: RecordFormat, files: list[Path], work: RecordWork | None = None) -> None:
    """Read, change, look at and write files as a run does."""
    work = work or form.prepare(shipped_rules(form), KEY)
    account = Account()
    with without_cycle_search():
        for file in files:
            out = io.BytesIO()
            for batch in form.batches(file):
                made = work.change(batch)
                form.write(made, out)
                account.add(made, file)


def rewrite(files: list[Path]) -> None:
    """The least that a tool does that walks through all elements: parse them and write them."""
    for file in files:
        dataset = pydicom.dcmread(file)
        for _ in dataset.iterall():
            pass
        dataset.save_as(io.BytesIO())


def memory(files: list[Path]) -> list[str]:
    """The peak of the process after one study, and after more of them with one memory."""
    form = DicomFormat()
    work = form.prepare(shipped_rules(form), KEY)
    told = []
    for times in (1, 2 * ROUNDS):
        for _ in range(times):
            release(form, files, work)
        told.append(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return told


def variants_row(folder: Path, name: str, samples: int, lines: int) -> str:
    """One line of the table."""
    plain = variants(folder, samples, lines)
    text = plain.read_bytes()
    packed = folder / "packed.vcf.gz"
    packed.write_bytes(compressed(text) + END)
    form, other = VcfFormat(), folder / "copy"
    taken = (
        best(lambda: release(form, [plain])),
        best(lambda: release(form, [packed])),
        best(lambda: shutil.copyfile(plain, other)),
        _of_gzip("-dc", packed),
        _of_gzip("-c", plain),
    )
    return f"| {name}, {len(text) / 1e6:.0f} MB | " + " | ".join(f"{one:.2f}" for one in taken) + " |"


def _of_gzip(option: str, file: Path) -> float:
    """CPU seconds of the `gzip` of the system, which writes nowhere."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["gzip", option, str(file)], stdout=subprocess.DEVNULL, check=True)  # noqa: S607 - the one on PATH
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def study(folder: Path) -> list[Path]:
    """A study of one patient: slices that differ in what slices differ in."""
    source = Path(pydicom.__file__).parent / "data" / "test_files" / "CT_small.dcm"
    dataset, files = pydicom.dcmread(source), []
    for number in range(SLICES):
        dataset.SOPInstanceUID, dataset.InstanceNumber = f"1.2.3.{number}", number
        files.append(folder / f"{number:05d}.dcm")
        dataset.save_as(files[-1])
    return files


def variants(folder: Path, samples: int, lines: int) -> Path:
    """Invented variants."""
    chance, path = random.Random(1), folder / "variants.vcf"
    names = "\t".join(f"S{number}" for number in range(samples))
    pool = [
        "\t".join(f"{chance.choice(('0/0', '0/1', '1/1'))}:{chance.randrange(60)}" for _ in range(samples))
        for _ in range(50)
    ]
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "##fileformat=VCFv4.3\n"
            '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">\n'
            '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">\n'
            '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">\n'
            '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
            '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">\n'
            f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{names}\n"
        )
        for at in range(lines):
            info = f"AC={chance.randrange(9)};AF={chance.random():.4f};DP={chance.randrange(200)}"
            file.write(
                f"chr1\t{1000 + 3 * at}\trs{at}\tA\tG\t{chance.random() * 99:.2f}\tPASS\t{info}\tGT:DP\t{pool[at % 50]}\n"
            )
    return path


if __name__ == "__main__":
    raise SystemExit(main())
