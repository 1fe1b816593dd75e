"""What do Presidio and edsnlp find in notes? Run by an interpreter that has them: lines of {text} in, of {spans} out.

    PYTHON benchmarks/peers/notes.py presidio|edsnlp < notes.jsonl > found.jsonl

The last line holds the seconds of processor time that the notes took. benchmarks/notes_unseen.py calls it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PRESIDIO = {
    "PERSON": "NOM",
    "LOCATION": "VILLE",
    "DATE_TIME": "DATE",
    "PHONE_NUMBER": "TEL",
    "EMAIL_ADDRESS": "MAIL",
    "URL": "URL",
    "IBAN_CODE": "IBAN",
    "ORGANIZATION": "HOPITAL",
}


def presidio() -> Callable[[str], list[tuple[int, int, str]]]:
    """Presidio's analyzer with spaCy's French model."""
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415 - a peer may be absent
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415 - as above

    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "fr", "model_name": "fr_core_news_sm"}]}
    engine = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(nlp_configuration=models).create_engine(), supported_languages=["fr"]
    )
    return lambda text: [
        (found.start, found.end, PRESIDIO[found.entity_type])
        for found in engine.analyze(text, language="fr")
        if found.entity_type in PRESIDIO
    ]


def edsnlp() -> Callable[[str], list[tuple[int, int, str]]]:
    """The rules for dates of AP-HP's edsnlp, and its patterns of telephones, mails and the like, as its users write them."""
    import edsnlp as package  # noqa: PLC0415 - as above

    nlp = package.blank("eds")
    nlp.add_pipe("eds.sentences")
    nlp.add_pipe("eds.normalizer")
    nlp.add_pipe("eds.dates")
    nlp.add_pipe(
        "eds.matcher",
        config={
            "regex": {
                "TEL": [r"(?<!\d)0[1-9](?:[ .-]?\d\d){4}(?!\d)"],
                "MAIL": [r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"],
                "SECU": [r"(?<!\d)[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3}(?: ?\d\d)?(?!\d)"],
                "NOM": [
                    r"(?<=Dr )[A-ZÉ][\w'-]+",
                    r"(?<=Pr )[A-ZÉ][\w'-]+",
                    r"(?<=Mme )[A-ZÉ][\w'-]+",
                    r"(?<=M\. )[A-ZÉ][\w'-]+",
                ],
            }
        },
    )

    def find(text: str) -> list[tuple[int, int, str]]:
        doc = nlp(text)
        spans = [(span, span.label_) for span in doc.ents] + [(span, "DATE") for span in doc.spans.get("dates", [])]
        return [(span.start_char, span.end_char, label) for span, label in spans]

    return find


def main() -> None:
    """Read notes, write finds."""
    find = {"presidio": presidio, "edsnlp": edsnlp}[sys.argv[1]]()
    texts = [json.loads(line)["text"] for line in sys.stdin]
    find(texts[0])
    start = time.process_time()
    found = [find(text) for text in texts]
    seconds = time.process_time() - start
    for spans in found:
        print(json.dumps({"spans": spans}))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
