"""What of a VCF header leaves, and under which names its samples do."""

import pyarrow as pa
import pytest

import pipeline.records.vcf as vcf_module
from pipeline.records.rules import load_rules
from transforms import Key, pseudonymize
from transforms.records.vocabulary import InvalidRule
from transforms.vcf import InvalidVcf, clean_header, vcf_rules

KEY = Key(bytes(range(32)), domain="eds", id="eds")
FIXED = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


def rules(**changes):
    shipped = load_rules(vcf_module.VcfFormat().rules())
    return vcf_rules(shipped.changed({path.replace("__", "."): change for path, change in changes.items()}))


def cleaned(*lines, samples=("DUPONT_JEAN", "MARTIN"), changes=None):
    columns = "\t".join([FIXED, "FORMAT", *samples] if samples else [FIXED])
    text = "\n".join(["##fileformat=VCFv4.3", *lines, columns]) + "\n"
    return clean_header(text.encode(), rules(**(changes or {})), KEY)


def kept(*lines, **options):
    return cleaned(*lines, **options).text.decode().splitlines()[1:-1]


def test_samples_have_the_pseudonyms_of_a_table():
    names = cleaned().text.decode().splitlines()[-1].split("\t")[9:]
    column = pa.array(["DUPONT_JEAN", "MARTIN"])
    assert names == pseudonymize(column, KEY, field="patient_id", normalize="compact").to_pylist()


def test_samples_link_under_another_label_when_the_plan_says_so():
    change = {"VCF__samples": {"pseudonymize": "sample_id", "kind": "row_id"}}
    names = cleaned(changes=change).text.decode().splitlines()[-1].split("\t")[9:]
    assert names == pseudonymize(pa.array(["DUPONT_JEAN", "MARTIN"]), KEY, field="sample_id").to_pylist()


@pytest.mark.parametrize(
    "line",
    [
        "##SAMPLE=<ID=DUPONT_JEAN,Assay=WholeGenome,Ethnicity=AFR>",
        "##PEDIGREE=<ID=DUPONT_JEAN,Mother=MARTIN>",
        "##pedigreeDB=http://ped.example/db",
        "##META=<ID=Assay,Type=String,Number=.,Values=[WholeGenome]>",
        "##fileDate=20260102",
        "##source=/home/dupont/call.sh",
        '##commandline="call --bam /data/DUPONT_JEAN.bam"',
        "##bcftools_viewCommand=view -s DUPONT_JEAN in.vcf; Date=Fri Jan 2 08:30:00 2026",
        '##GATKCommandLine=<ID=HaplotypeCaller,CommandLine="-I /data/DUPONT_JEAN.bam",Date="January 2, 2026">',
        "##DUPONT_JEAN=1",
        "##contact=anne.legoff@chu.example",
    ],
)
def test_a_line_that_is_not_listed_is_dropped_and_counted(line):
    header = cleaned(line)
    assert header.text.count(b"\n") == 2
    assert header.tally.total("dropped") + header.tally.total("unknown") == 1
    assert "DUPONT" not in str(dict(header.tally.paths()))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("##reference=file:///data/dupont/GRCh38.fa", "##reference=GRCh38.fa"),
        ("##reference=C:\\genomes\\hg19.fa", "##reference=hg19.fa"),
        (
            "##contig=<ID=chr1,length=248956422,assembly=GRCh38,URL=ftp://chu.example/x.fa>",
            "##contig=<ID=chr1,length=248956422,assembly=GRCh38>",
        ),
        (
            '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth, see /home/dupont/doc",Author="X">',
            '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth, see removed">',
        ),
        (
            '##FILTER=<ID=q10,Description="Quality of MARTIN below 10">',
            '##FILTER=<ID=q10,Description="removed">',
        ),
        (
            '##FILTER=<ID=lowq,Description="Depth of data/legoff/notes.txt, ask anne@chu.example">',
            '##FILTER=<ID=lowq,Description="Depth of removed, ask removed">',
        ),
        ('##ALT=<ID=DEL,Description="Ref/alt deletion, 50%">', '##ALT=<ID=DEL,Description="Ref/alt deletion, 50%">'),
    ],
)
def test_a_line_that_stays_loses_what_is_not_of_the_variants(line, expected):
    assert kept(line) == [expected]


def test_fields_of_text_stay_only_if_they_are_listed():
    lines = [
        '##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP">',
        '##INFO=<ID=NOTE,Number=1,Type=String,Description="A note">',
        '##INFO=<ID=PATIENT_NO,Number=1,Type=Integer,Description="A number">',
        '##INFO=<ID=XQ,Number=1,Type=Float,Description="A score">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        '##FORMAT=<ID=REMARK,Number=1,Type=String,Description="A remark">',
    ]
    header = cleaned(*lines)
    assert {"CSQ", "XQ"} <= header.info
    assert not {"NOTE", "PATIENT_NO"} & header.info
    assert "GT" in header.formats
    assert "REMARK" not in header.formats
    assert len(kept(*lines)) == 3
    assert "NOTE" in cleaned(*lines, changes={"VCF__INFO__NOTE": "keep"}).info
    assert "CSQ" not in cleaned(*lines, changes={"VCF__INFO__CSQ": "drop"}).info


def test_a_file_of_sites_has_no_samples():
    header = cleaned(samples=())
    assert header.columns == 8
    assert header.text.endswith(FIXED.encode() + b"\n")


def test_a_million_samples_are_renamed():
    header = cleaned(samples=[f"S{n}" for n in range(1_000_000)])
    assert header.columns == 1_000_009


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("##fileformat=VCFv4.3\n" + FIXED + "\tFORMAT\tA\tA\n", "columns 10 and 11"),
        ("##fileformat=VCFv4.3\n" + FIXED + "\tFORMAT\tA\tB\ta \tA \n", "columns 10 and 12"),
        ("##fileformat=VCFv4.3\n" + FIXED + "\tFORMAT\tA\t\n", "column 11 has no sample name"),
        ("##fileformat=VCFv4.3\n#CHROM POS ID\n", "no #CHROM line"),
        ("##fileformat=VCFv4.3\n#CHROM\tPOS\tDUPONT\n", "doesn't name the columns"),
        ("##fileformat=VCFv4.3\nDUPONT\n" + FIXED + "\n", "line 2 of the header"),
        ("##hello=1\n" + FIXED + "\n", "fileformat"),
    ],
)
def test_a_header_that_breaks_the_rules_is_refused_without_its_words(text, complaint):
    with pytest.raises(InvalidVcf, match=complaint) as caught:
        clean_header(text.encode(), rules(), KEY)
    assert "DUPONT" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"VCF__genotypes": "drop"}, "genetic data"),
        ({"VCF__samples": "keep"}, "always pseudonymized"),
        ({"VCF__FORMAT__AD": "drop"}, "bcftools annotate -x FORMAT/AD"),
        ({"VCF__INFO__DP": "redact"}, "can't be changed by redact"),
    ],
)
def test_rules_that_a_vcf_file_can_not_obey_are_refused(changes, complaint):
    with pytest.raises(InvalidRule, match=complaint):
        rules(**changes)
