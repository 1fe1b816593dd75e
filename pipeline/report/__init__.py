"""The report that a data protection officer reads before a release leaves: one offline page."""

from pipeline.report.facts import REPORT, ReportFacts, ReportField, ReportRisk, ReportScan, ReportTable
from pipeline.report.page import render_report

__all__ = ["REPORT", "ReportFacts", "ReportField", "ReportRisk", "ReportScan", "ReportTable", "render_report"]
