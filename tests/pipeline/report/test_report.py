import dataclasses
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report import ReportFacts, ReportField, ReportRisk, ReportScan, ReportTable, render_report
from pipeline.report.histogram import Histogram
from pipeline.report.verdict import figures, judge
from pipeline.report.wording import rounded_in_words

FACTS = ReportFacts(
    title="cardio-registry",
    release_id="4f1d0c6e",
    domain="eds-cardio",
    data_class="pseudonymized-health",
    interval=("2026-10-01", "2026-10-31"),
    tables=(ReportTable(name="patients", rows=1204),),
    fields=(
        ReportField(
            table="patients",
            name="date_naissance",
            kind="birth_date",
            category="quasi",
            steps=("shifted by the person's days", "cut to the month"),
            why="Ages stay true.",
            decided_by="dpo@chu.example",
        ),
        ReportField(table="patients", name="nir", kind="nir", category="direct", steps=("pseudonymized",)),
        ReportField(table="patients", name="dp", kind="diagnosis", category="health"),
    ),
    risk=(
        ReportRisk(
            table="patients",
            quasi=("date_naissance", "sexe"),
            k=6,
            unique=0,
            classes=131,
            histogram=((6, 30), (14, 1174)),
        ),
    ),
    scan=ReportScan(fields=2, rows=1204, found=0),
    plan_sha256="9b" * 32,
    keys=("cardio-1f0c version 1",),
)


def with_risk(**changes):
    return dataclasses.replace(FACTS, risk=(dataclasses.replace(FACTS.risk[0], **changes),))


def keeping(name):
    fields = [dataclasses.replace(field, steps=() if field.name == name else field.steps) for field in FACTS.fields]
    return dataclasses.replace(FACTS, fields=tuple(fields))


class Outline(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.links, self.text = [], [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in {"meta", "link", "col", "wbr"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src", "srcset", "action", "data"}]
        self.text += "" if tag == "wbr" else " "

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text += " "

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open):
            self.text += data


def text_of(facts):
    return re.sub(r"\s+", " ", Outline(render_report(facts)).text)


def test_the_page_is_well_formed_and_loads_and_runs_nothing():
    page = render_report(FACTS)
    outline = Outline(page)
    assert outline.open == []
    assert outline.links == ["data:,"]
    assert not {"script", "iframe", "object", "embed", "img", "form"} & set(outline.tags)
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_it_has_landmarks_one_title_and_headed_tables():
    tags = Outline(render_report(FACTS)).tags
    assert {"header", "main", "footer", "section", "caption", "figcaption"} <= set(tags)
    assert tags.count("h1") == 1
    assert "svg" in tags


def test_the_same_facts_give_the_same_bytes():
    assert render_report(FACTS) == render_report(dataclasses.replace(FACTS))


def test_every_field_says_its_kind_what_was_done_in_order_why_and_by_whom():
    text = text_of(FACTS)
    assert "date_naissance birth date" in text
    assert "shifted by the person's days cut to the month" in text
    assert "Ages stay true. decided by dpo@chu.example" in text
    assert "kept as it is" in text


def test_names_from_outside_are_text_and_never_markup():
    odd = ReportField(table="<b>t</b>", name="<script>a_b</script>", kind="other", category="other", why="a & b")
    page = render_report(dataclasses.replace(FACTS, title="<i>", fields=(odd,)))
    assert not re.search(r"<(script|b|i)[ >]", page)
    assert "&lt;script&gt;a_<wbr>b&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("facts", "level", "sentence"),
    [
        (
            FACTS,
            "clear",
            "No identifier was found in the kept fields, and each person shares their traits with 5 others",
        ),
        (with_risk(k=2), "look", "Some persons share their traits with only 1 other in the table patients"),
        (with_risk(k=1, unique=3), "look", "Fewer than 10 persons stand alone with their traits in the table patients"),
        (with_risk(k=1, unique=34), "look", "About 30 persons stand alone"),
        (dataclasses.replace(FACTS, risk=()), "look", "there were no traits to compare persons by"),
        (with_risk(k=None), "look", "there were no traits to compare persons by"),
        (keeping("nir"), "look", "1 direct identifier is kept as in the source"),
        (dataclasses.replace(FACTS, scan=ReportScan(fields=2, rows=9, found=1)), "stop", "Identifiers are left"),
    ],
)
def test_the_verdict_is_one_sentence_that_says_the_worst(facts, level, sentence):
    verdict = judge(facts)
    assert verdict.level == level
    assert sentence in verdict.sentence
    assert verdict.sentence in text_of(facts)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (FACTS, ["1,204 rows clear", "1 of 1 direct clear", "6 persons clear", "0 identifiers clear"]),
        (with_risk(k=1, unique=3), ["1,204 rows clear", "1 of 1 direct clear", "1 person look", "0 identifiers clear"]),
        (keeping("nir"), ["1,204 rows clear", "0 of 1 direct look", "6 persons clear", "0 identifiers clear"]),
    ],
)
def test_the_four_figures_stand_out_where_something_is_to_be_looked_at(facts, shown):
    assert [f"{figure.value} {figure.label.split()[0]} {figure.level}" for figure in figures(facts)] == shown


@pytest.mark.parametrize(("k_warn", "level"), [(None, "clear"), (3, "clear"), (5, "look"), (11, "look")])
def test_the_policy_says_which_classes_are_small(k_warn, level):
    assert judge(dataclasses.replace(with_risk(k=4), k_warn=k_warn)).level == level


def test_a_class_of_one_is_small_whatever_the_policy_says():
    assert judge(dataclasses.replace(with_risk(k=1, unique=12), k_warn=None)).level == "look"


@pytest.mark.parametrize("persons", [1, 7, 9])
def test_small_counts_look_all_the_same(persons):
    def page(count):
        return render_report(
            dataclasses.replace(
                with_risk(k=1, unique=count, histogram=((1, count), (12, 1204))),
                tables=(ReportTable(name="patients", rows=count),),
                scan=ReportScan(fields=2, rows=count, found=count),
            )
        )

    assert page(persons) == page(4)
    assert "&lt;10" in page(persons)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 2000)), max_size=12))
def test_no_bar_gives_a_small_count_away_and_none_is_lost(sizes):
    bars = Histogram.of(sizes, k_warn=5).bars
    assert len(bars) == 8
    assert all(bar.count == "<10" or int(bar.count.replace(",", "")) % 10 == 0 for bar in bars)
    assert len({bar.height for bar in bars if bar.count == "<10"}) <= 1
    assert (sum(bar.height > 0 for bar in bars) == 0) == (sum(count for _, count in sizes) == 0)
    assert all(bar.x >= 0 and bar.x + bar.width <= 100 and bar.y >= 20 for bar in bars)


def test_bars_begin_where_the_policys_threshold_is():
    labels = [(bar.label, bar.small) for bar in Histogram.of([], k_warn=4).bars]
    assert labels[:5] == [("1", True), ("2", True), ("3", True), ("4", False), ("5–9", False)]


@given(st.integers(0, 10**7))
def test_a_rounded_count_is_never_a_small_number(count):
    words = rounded_in_words(count)
    assert words in {"0", "<10"} or int(words.replace(",", "")) >= 10
