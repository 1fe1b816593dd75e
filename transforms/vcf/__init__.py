"""VCF files: variants stay as they are, samples get pseudonyms, the header keeps what describes variants."""

from __future__ import annotations

from transforms.vcf.body import BodyScan
from transforms.vcf.header import CleanHeader, InvalidVcf, VcfRules, clean_header, vcf_rules

__all__ = ["BodyScan", "CleanHeader", "InvalidVcf", "VcfRules", "clean_header", "vcf_rules"]
