"""Health documents that keep their format: one vocabulary of actions for FHIR, HL7 v2, DICOM and VCF.

A document is a tree, and a tree invites a loop over its values. Here the values of many documents that one rule changes
are gathered in one column, changed by the transform that changes a table's column, and put back (`transforms.records.harvest`).
"""

from __future__ import annotations
