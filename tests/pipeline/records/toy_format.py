"""The smallest format of documents: a line `id;birth date;remark` each. It shows what a format has to bring."""

from __future__ import annotations

from transforms.records.harvest import Harvest
from transforms.records.tally import Batch, Made

RULES = {
    "name": "toy-1",
    "rules": {
        "Line.id": {"pseudonymize": "patient_id", "kind": "patient_id"},
        "Line.birth": {"shift": "month", "kind": "birth_date"},
        "Line.remark": "redact",
        "Line.code": "keep",
    },
}
NAMES = ("id", "birth", "remark", "code")


class ToyWork:
    def __init__(self, rules, key):
        self.rules, self.key = rules, key

    def change(self, batch):
        made = Made(batch.documents)
        harvest = Harvest(self.key, dates="iso")
        for number, document in zip(batch.numbers, batch.documents, strict=True):
            made.tally.records["Line"] += 1
            person = document.get("id")
            for name in list(document):
                path, value = f"Line.{name}", document[name]
                rule = self.rule_of(path)
                if rule is None or rule.action == "drop":
                    del document[name]
                    if rule is None:
                        made.tally.unknown(path)
                    else:
                        made.tally.counts[path, "dropped"] += 1
                elif rule.action == "keep":
                    made.tally.counts[path, "kept"] += 1
                    made.keep(path, value, number)
                else:
                    harvest.put(path, rule, value, document, name, person, number)
        harvest.bring_in(made)
        return made

    def rule_of(self, path):
        return self.rules.entries.get(path)


class ToyFormat:
    name, title = "toy", "Toy"

    def recognises(self, _path, head):
        return head.startswith(b"toy")

    def rules(self):
        return RULES

    def prepare(self, rules, key):
        return ToyWork(rules, key)

    def batches(self, path):
        lines = path.read_text().splitlines()[1:]
        yield Batch.of(
            (number, dict(zip((*NAMES, "extra"), line.split(";"), strict=False)))
            for number, line in enumerate(lines, 2)
        )

    def output_name(self, _path, number):
        return f"toy-{number:05d}.txt"

    def write(self, made, out):
        for document in made.documents:
            out.write((";".join(str(value or "") for value in document.values()) + "\n").encode())
