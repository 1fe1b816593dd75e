from __future__ import annotations

import pytest

from transforms.detection.headers import read_header, table_things

NAMES = {
    "patient_id": "IPP nip NumDossier patientennr nhc cle_anonymisation subject_id USUBJID id_paziente bene_id patID",
    "encounter_id": "NDA iep nosejour hadm_id fallnr id_episodio nosologico PAT_ENC_CSN_ID num_passage",
    "nir": "noss num_secu NIR numeroSecuriteSociale BEN_NIR_PSA_NIR",
    "national_id": "ssn dni codice_fiscale NISS nhs_number ahv_nr passport drivers_license",
    "insurance_id": "versichertennummer num_adherent policy_number tessera_sanitaria KVNR",
    "last_name": "nomusuel NOM_NAISS nachname apellido1 cognome surname lastName nom_de_jeune_fille",
    "first_name": "prenom vorname given_name firstName pr\u00e9nom pr\u00c3\u00a9nom",
    "person_name": "patient_name nom_prenom nom_medecin doctor_name emergency_contact_name",
    "birth_date": "datnai ddn geburtsdatum fecha_nacimiento data_nascita DOB birthDate GebDatum annee_naissance DTNAIS",
    "postal_code": "cp codpost plz zip cod_postal CAP_residenza",
    "practitioner_id": "rpps adeli npi medecin_id LANR id_medico arzt_id",
    "facility_id": "finess hospital_name nom_etablissement care_site_id",
    "event_date": "date_entree admission_date aufnahmedatum fecha_alta data_ricovero charttime diagnosis_date",
    "date_technical": "updated_at date_maj etl_load_date geaendert_am fecha_actualizacion",
    "diagnosis": "dp diagnostic_principal icd10_code hauptdiagnose diagnosi cie10 has_diabetes",
    "drug": "drug_name medicament wirkstoff farmaco posologie ATC_code cip13",
    "lab_result": "resultat valuenum ergebnis hba1c serum_creatinine glycemie test_result",
    "amount": "total_charges montant_rembourse kosten importe prix_unitaire",
    "technical": "return_code file_name code_retour_nir version diagnosis_type",
    "flag": "is_deleted top_vip active",
    "free_text": "commentaire comments bemerkung observaciones note_text",
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names.split()])
def test_a_name_leads_to_its_kind(kind, name):
    assert next(iter(read_header(name).weights)) == kind


@pytest.mark.parametrize(
    ("table", "name", "kind"),
    [
        ("patients", "id", "patient_id"),
        ("patients", "name", "person_name"),
        ("diagnostics", "libelle", "diagnosis"),
        ("medications", "code", "drug"),
        ("stays", "id", "encounter_id"),
        ("organizations", "name", "facility_id"),
    ],
)
def test_a_bare_word_means_what_its_table_is_about(table, name, kind):
    assert next(iter(read_header(name, table).weights)) == kind


def test_a_name_of_no_known_word_is_opaque():
    assert read_header("v12").opaque
    assert read_header("xqz_7").weights == {}


def test_a_table_is_about_what_its_name_says():
    assert table_things("t_patients") == {"patient"}
