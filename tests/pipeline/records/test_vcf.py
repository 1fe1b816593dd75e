"""A folder of VCF files in, a release of VCF files out, for who may release genetic data at all."""

import gzip

import pyarrow as pa
import pytest

from pipeline.errors import InvalidInput
from pipeline.files.bgzf import END, compressed
from pipeline.making.steps import Step
from pipeline.manifest import verify_release
from pipeline.records.source import find_records
from transforms import pseudonymize
from transforms.errors import DouaneError

HEADER = """##fileformat=VCFv4.3
##fileDate=20260102
##reference=file:///data/dupont/GRCh38.fa
##contig=<ID=chr1,length=248956422>
##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">
##INFO=<ID=NOTE,Number=1,Type=String,Description="A note">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##SAMPLE=<ID=DUPONT_JEAN,Description="Jean Dupont, 1 85 05 78 006 084">
##bcftools_viewCommand=view -s DUPONT_JEAN /home/dupont/in.vcf.gz
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tDUPONT_JEAN\tMARTIN
"""
BODY = "".join(f"chr1\t{n}\t.\tA\tG\t9\tPASS\tAC={n % 3}\tGT\t0/1\t1/1\n" for n in range(1, 30_001))
FORMS = {
    "plain": (lambda text: text, ".vcf"),
    "gzip": (gzip.compress, ".vcf.gz"),
    "bgzf": (lambda text: compressed(text) + END, ".vcf.gz"),
}


@pytest.fixture
def opted_in(installation):
    """An installation whose policy lets genetic data go."""
    keep = (Step(transform="keep"),)
    installation.policy = installation.policy.model_copy(
        update={"kinds": {**installation.policy.kinds, "genetic": keep}}
    )
    return installation


@pytest.fixture
def variants(tmp_path):
    """A folder with one VCF file that is named after its patient."""

    def make(text=HEADER + BODY, form="bgzf"):
        folder = tmp_path / "vcf"
        folder.mkdir(exist_ok=True)
        write, suffix = FORMS[form]
        (folder / f"DUPONT_JEAN{suffix}").write_bytes(write(text.encode()))
        return find_records([str(folder)])

    return make


def text_of(result):
    (file,) = result.made.release.folder.glob("variants-*")
    raw = file.read_bytes()
    return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_file_becomes_a_release_in_every_form(variants, release, opted_in, form):
    result = release(variants(form=form))
    lines = text_of(result).splitlines(keepends=True)
    assert "".join(line for line in lines if not line.startswith("#")) == BODY
    names = next(line for line in lines if line.startswith("#CHROM")).split()[9:]
    key = opted_in.rooms.keyring.get("eds")
    column = pa.array(["DUPONT_JEAN", "MARTIN"])
    assert names == pseudonymize(column, key, field="patient_id", normalize="compact").to_pylist()
    folder = result.made.release.folder
    assert verify_release(folder, opted_in.rooms.keyring.public_key_path).ok
    assert result.made.release.manifest["records"]["documents"] == 1
    assert not any("DUPONT" in path.name for path in folder.iterdir())
    everything = "".join(path.read_text("utf-8", "replace") for path in folder.iterdir()) + text_of(result)
    assert not any(planted in everything for planted in ("DUPONT", "dupont", "MARTIN", "1 85 05 78", "20260102"))


def test_blocks_in_which_nothing_changes_are_copied_as_they_are(variants, release, opted_in):
    source = variants()
    (file,) = release(source).made.release.folder.glob("variants-*")
    original = source.files[0].read_bytes()
    assert original[-200:] == file.read_bytes()[-200:]
    assert original[40_000:60_000] in file.read_bytes()
    assert file.read_bytes().endswith(END)


def test_a_field_of_text_leaves_the_records(variants, release, opted_in):
    body = BODY.replace("AC=0\t", "AC=0;NOTE=DUPONT\t", 5)
    text = text_of(release(variants(HEADER + body)))
    assert "NOTE" not in text
    assert text.endswith(BODY[-500:])


def test_genetic_data_stays_where_the_policy_does_not_say_otherwise(variants, release):
    with pytest.raises(DouaneError, match=r"the policy suppresses genetic data.*has to say keep"):
        release(variants())


def test_genetic_data_is_never_called_anonymous(variants, release, opted_in):
    opted_in.policy = opted_in.policy.model_copy(update={"data_class": "anonymous"})
    assert release(variants()).made.release.manifest["data_class"] == "pseudonymized-health"


def test_the_same_file_gives_the_same_release(variants, release, opted_in, tmp_path):
    del opted_in
    one = release(variants(), releases=tmp_path / "a").made.release
    other = release(variants(), releases=tmp_path / "b").made.release
    assert one.manifest_sha256 == other.manifest_sha256


@pytest.mark.parametrize(
    ("raw", "suffix", "complaint"),
    [
        (HEADER.encode()[:100], ".vcf", "has no #CHROM line"),
        (b"hello\n" * 10, ".vcf", "is no VCF file"),
        (b"", ".vcf", "has no #CHROM line"),
        (compressed((HEADER + BODY).encode()), ".vcf.gz", "is cut short or damaged"),
        ((compressed((HEADER + BODY).encode()) + END)[:5000], ".vcf.gz", "is cut short or damaged"),
        (gzip.compress((HEADER + BODY).encode())[:5000], ".vcf.gz", "is cut short or damaged"),
        ((HEADER + BODY).encode()[:-8], ".vcf", "line 30010 is cut short"),
        (HEADER.replace("MARTIN", "DUPONT_JEAN").encode(), ".vcf", "columns 10 and 11"),
        (b"BCF\2\2", ".bcf", "bcftools view"),
        ((HEADER + BODY + "chr1\t1\n").encode(), ".vcf", "line 30011 has 2 columns"),
    ],
)
def test_a_file_that_can_not_be_read_stops_the_run_in_one_line(tmp_path, release, opted_in, raw, suffix, complaint):
    del opted_in
    file = tmp_path / f"variants{suffix}"
    file.write_bytes(raw)
    with pytest.raises(InvalidInput, match=complaint) as caught:
        release(find_records([str(file)]))
    assert "\n" not in str(caught.value)
    assert "DUPONT" not in str(caught.value)
    assert "variants" in str(caught.value)
