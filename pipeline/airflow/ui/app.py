"""Which address gives which page, and who may see it? Airflow's own users; of a DAG's tasks, who may read the DAG."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep, get_user
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse

from pipeline.airflow.settings import home
from pipeline.airflow.ui.decisions import EVENTS, Filter, Task, decisions
from pipeline.airflow.ui.exports import exports
from pipeline.airflow.ui.pages import page
from pipeline.airflow.ui.releases import release_folder, releases
from pipeline.guard.register import holds_files, load_register
from pipeline.guard.register_review import expiring, review
from pipeline.journal import Journal
from pipeline.manifest import verify_release
from pipeline.report import REPORT
from transforms.errors import DouaneError

LOOKED_AT = 5_000
"""Journal lines that a page looks at, from the newest back; `douane journal show` reads all."""
SHOWN = 200

app = FastAPI(title="Douane", openapi_url=None, dependencies=[Depends(get_user)])


@app.exception_handler(DouaneError)
def unreadable(request: Request, error: DouaneError) -> HTMLResponse:
    """Say in one line what can't be read, and the mend."""
    return page("problem", _base(request), status=500, problem=str(error))


def _base(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


def _readable(user: GetUserDep, session: SessionDep) -> set[str]:
    return get_auth_manager().get_authorized_dag_ids(user=user, session=session)


def _asked(dag: str, run: str, task: str, map_index: int = -1) -> Task:
    return Task(dag, run, task, map_index)


Readable = Annotated[set[str], Depends(_readable)]
Wanted = Annotated[Filter, Depends()]
Asked = Annotated[Task, Depends(_asked)]


def _lines(readable: set[str]) -> list[dict[str, Any]]:
    """The journal's newest lines, without those of tasks that this person may not see."""
    newest = Journal(home().journal_file).newest(LOOKED_AT)
    return [line for line in newest if line.get("dag") in {None, *readable}]


@app.get("/")
def overview(request: Request, readable: Readable, session: SessionDep) -> HTMLResponse:
    """What a person looks at first: what was stopped, what ends soon, what runs next, whether the record is whole."""
    lines = _lines(readable)
    place = home()
    found = decisions(lines)
    return page(
        "overview",
        _base(request),
        blocked=[one for one in found if not one.allowed][:5],
        counts={verdict: sum(one.allowed is allowed for one in found) for verdict, allowed in _VERDICTS},
        releases=releases(place.releases, lines)[:5],
        ending=_ending(60),
        exports=exports(session, readable),
        lines=lines[:1],
    )


_VERDICTS = (("allowed", True), ("blocked", False))


@app.get("/decisions")
def decision_list(request: Request, readable: Readable, wanted: Wanted) -> HTMLResponse:
    """Decisions with their reasons, filtered."""
    found = decisions(_lines(readable))
    kept = [one for one in found if wanted.keeps(one)]
    return page(
        "decisions",
        _base(request),
        decisions=kept[:SHOWN],
        total=len(kept),
        wanted=wanted,
        rules=sorted({rule for one in found for rule in one.rules}),
        dags=sorted({one.task.dag for one in found if one.task}),
    )


@app.get("/task")
def task_page(request: Request, readable: Readable, asked: Asked) -> HTMLResponse:
    """What was decided and journaled for one task."""
    if asked.dag not in readable:
        raise HTTPException(403, "You may not read this DAG.")
    own = [line for line in _lines(readable) if Task.of(line) == asked]
    events = [line for line in own if line["event"] not in EVENTS]
    return page("task", _base(request), decisions=decisions(own), events=events, task=asked)


@app.get("/releases")
def release_list(request: Request, readable: Readable) -> HTMLResponse:
    """Sealed releases with their risk."""
    return page("releases", _base(request), releases=releases(home().releases, _lines(readable)))


@app.get("/releases/{release_id}")
def release_page(request: Request, readable: Readable, release_id: str) -> HTMLResponse:
    """One release, verified now: every file is hashed, and the seal compared with the journal."""
    place = home()
    folder = release_folder(place.releases, release_id)
    if folder is None:
        raise HTTPException(404, "No such release.")
    lines = _lines(readable)
    (row,) = (row for row in releases(place.releases, lines) if row.id == release_id)
    verified = verify_release(folder, place.keys / "signing.pub.pem", Journal(place.journal_file))
    return page(
        "release",
        _base(request),
        release=row,
        verified=verified,
        decisions=[one for one in decisions(lines) if one.release_id == release_id],
    )


@app.get("/releases/{release_id}/report")
def release_report(release_id: str) -> HTMLResponse:
    """The release's own report: it holds no person's value."""
    folder = release_folder(home().releases, release_id)
    if folder is None or not (folder / REPORT).is_file():
        raise HTTPException(404, "No such report.")
    return HTMLResponse((folder / REPORT).read_text(encoding="utf-8"), headers={"Cache-Control": "no-store"})


@app.get("/register")
def register_page(request: Request) -> HTMLResponse:
    """What is on file, with the days that are left, and what contradicts itself."""
    folder = _register_folder()
    return page(
        "register",
        _base(request),
        entries=_ending(),
        findings=review(folder, load_register(folder), on=_today()),
        folder=folder,
    )


@app.get("/journal")
def journal_page(request: Request, readable: Readable) -> HTMLResponse:
    """Whether the whole chain is what was written, and its newest lines."""
    return page("journal", _base(request), state=Journal(home().journal_file).verify(), lines=_lines(readable)[:SHOWN])


@app.get("/exports")
def export_list(request: Request, readable: Readable, session: SessionDep) -> HTMLResponse:
    """Exports with their next run."""
    return page("exports", _base(request), exports=exports(session, readable))


def _today() -> date:
    return date.today()  # noqa: DTZ011 - validity days are local days


def _register_folder() -> Any:
    own = home().register
    return own if own.is_dir() and holds_files(own) else None


def _ending(days: int = 1_000_000) -> list[Any]:
    return expiring(load_register(_register_folder()), on=_today(), days=days)
