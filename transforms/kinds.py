"""The words for what a field holds: kinds, and the category that each kind belongs to.

Direct identifiers name a person by themselves, quasi-identifiers together; health data is GDPR art. 4(15).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Literal, get_args

Category = Literal["direct", "quasi", "health", "text", "other"]

_KINDS: Final[dict[Category, str]] = {
    "direct": (
        "person_name first_name last_name initials nir ins national_id patient_id encounter_id practitioner_id phone"
        " email address iban insurance_id ip_address mac_address device_id url username licence_plate image study_uid"
    ),
    "quasi": (
        "facility_id postal_code city country geo birth_date death_date event_date age sex nationality occupation"
        " marital_status ethnicity ward"
    ),
    "health": (
        "diagnosis procedure drug lab_test lab_result unit vital_sign genetic allergy drg blood_group lifestyle"
        " severity care_reason"
    ),
    "text": "free_text",
    "other": "row_id technical reference quantity amount date_technical flag other",
}

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
"""From what names a person to what says nothing of one."""

CATEGORY_OF: Final = MappingProxyType({kind: category for category, kinds in _KINDS.items() for kind in kinds.split()})
"""Kind to category; every kind that a finding, a policy or a plan may name is a key."""
