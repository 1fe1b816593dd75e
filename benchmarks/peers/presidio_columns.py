"""What does presidio-structured take each column for? Tables come as JSON on stdin, answers go to stdout.

Run by benchmarks/detection.py with the Python of an environment that has presidio-structured, spaCy and fr_core_news_sm.
"""

from __future__ import annotations

import json
import logging
import sys
import time

import pandas as pd
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_structured import PandasAnalysisBuilder

LANGUAGE = "fr"
SAMPLE = 30
"""Rows of each column that presidio looks at; it takes a second for a hundred."""


def main() -> None:
    """Analyze each table with the French model, and time it."""
    logging.disable(logging.CRITICAL)
    models = [{"lang_code": LANGUAGE, "model_name": "fr_core_news_sm"}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    registry = RecognizerRegistry(supported_languages=[LANGUAGE])
    registry.load_predefined_recognizers(languages=[LANGUAGE], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[LANGUAGE])
    builder = PandasAnalysisBuilder(analyzer)
    answers = []
    started = time.process_time()
    for table in json.load(sys.stdin):
        frame = pd.DataFrame(dict(zip(map(str, range(len(table))), table, strict=True)), dtype=str)
        found = builder.generate_analysis(frame, n=SAMPLE, language=LANGUAGE).entity_mapping
        answers.append([found.get(str(place), "") for place in range(len(table))])
    json.dump({"answers": answers, "seconds": time.process_time() - started}, sys.stdout)


if __name__ == "__main__":
    main()
