"""How does a notebook get an extract's tables as an approved plan makes them, when no release is wanted?

The same engine and the same refusals as a run: the columns are compared with the plan before anything is written,
values that a step can't take stop it, kept fields are looked through for identifiers, and files that changed meanwhile
are no extract. What is missing is what makes a release: detection, risk figures as a bar, seal and journal. So no sink takes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.files.durable import file_name, storage_named
from pipeline.files.partial import PartialFolder
from pipeline.making.in_place import InPlace
from pipeline.making.made_table import make_tables
from pipeline.making.person_index import PersonIndex
from pipeline.making.pseudonymizing import Workshop
from pipeline.making.residual import ResidualScan
from pipeline.order import Order
from pipeline.planning.approval import require_all_planned, require_obeyable
from pipeline.progress import Silent
from pipeline.release import release_table
from pipeline.run import refuse_identifiers
from pipeline.sources.folder import FolderSource

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import AbstractContextManager

    import pyarrow as pa

    from pipeline.making.made_table import MadeTable
    from pipeline.order import TableFormat
    from pipeline.plan import Plan
    from pipeline.policy import Policy
    from pipeline.release import ReleaseTable
    from transforms import Key


def make_unsealed(
    paths: Sequence[Path | str],
    into: Path | str,
    *,
    plan: Plan,
    policy: Policy,
    key: Key,
    tables: TableFormat = "parquet",
) -> list[MadeTable]:
    r"""Pseudonymize local files, as a plan says, into a new folder of tables, without staging, seal or journal.

    Args:
        paths: Files and folders (CSV, Parquet, NDJSON); a table is named after its file.
        into: The folder to make; it appears whole or not at all.
        plan: Decided in every field.
        policy: The policy that it was drafted by.
        key: A key of the plan's domain.
        tables: The format of the tables.

    Returns:
        What is known of each table: rows, nulls, risk figures, what the last look found (nothing).

    Raises:
        PlanMismatch: The extract's columns are not the plan's.
        Stopped: The plan is undecided, of another policy or domain, or an identifier would stay.
        InvalidInput, InvalidValue: The data; table, field and row are named.
        FileExistsError: The folder is there already.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from pipeline.data_files import data_folder
        >>> from pipeline.making.extracting import read_samples
        >>> from pipeline.planning.drafting import draft_plan
        >>> from pipeline.policy import read_policy
        >>> from transforms import Key, detect
        >>> policy = read_policy(data_folder() / "policies" / "default.yaml")
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "stays.csv")
        ...     _ = file.write_text("ipp,code_cim10\n8000000001,I10\n8000000002,E11.9\n")
        ...     samples = read_samples(FolderSource([file]).tables())
        ...     plan = draft_plan(detect(samples), samples, policy=policy, domain="eds")
        ...     key = Key.generate(domain="eds")
        ...     made = make_unsealed([file], Path(folder, "made"), plan=plan, policy=policy, key=key)
        ...     made[0].rows, [path.name for path in Path(folder, "made").iterdir()]
        (2, ['stays.parquet'])
    """
    source = FolderSource(paths)
    order = Order(source=source, plan=plan, policy=policy, key=key, approved_by="", releases=Path(into).parent)
    require_obeyable(order)
    opened = source.tables()
    require_all_planned(order, opened)
    extract = InPlace(opened)
    extract.require_rows()
    with storage_named(f"begin {into}"):
        partial = PartialFolder(Path(into))

    def open_writer(
        table: str, schema: pa.Schema, *, high_cardinality: Collection[str] = ()
    ) -> AbstractContextManager[ReleaseTable]:
        path = partial.path / file_name(table, f".{tables}")
        return release_table(path, schema, high_cardinality=high_cardinality, doing=f"write {table} into {into}")

    with partial:
        workshop = Workshop(plan, policy, key, extract, PersonIndex(plan, extract))
        made = make_tables(list(extract.digests), workshop, open_writer, Silent())
        extract.require_unchanged()
        refuse_identifiers(ResidualScan.merged(table.scan for table in made))
        with storage_named(f"finish {into}"):
            partial.publish()
    return made
