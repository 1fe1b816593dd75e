"""How does a page come out: one layout, nothing from outside, no script, light and dark by what Airflow shows?"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from pipeline.airflow.ui.decisions import Task


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, base: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Render a page.

    Args:
        template: Its name, without `.html.jinja`.
        base: Where Douane's pages stand, such as `/douane`; Airflow's stand beside it.
        status: The HTTP status.
        facts: What it shows.
    """
    airflow = base.removesuffix("/douane")
    html = (
        _environment().get_template(f"{template}.html.jinja").render(base=base, airflow=airflow, here=template, **facts)
    )
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def task_address(task: Task, airflow: str) -> str:
    """Where Airflow shows a task."""
    parts = [quote(part, safe="") for part in (task.dag, task.run, task.id)]
    mapped = f"/mapped/{task.map_index}" if task.map_index >= 0 else ""
    return f"{airflow}/dags/{parts[0]}/runs/{parts[1]}/tasks/{parts[2]}{mapped}"


def moment(written: str | datetime | None) -> str:
    """A moment to the minute, in UTC."""
    if not written:
        return ""
    when = datetime.fromisoformat(written) if isinstance(written, str) else written
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["part"] = lambda text: quote(str(text), safe="")
    environment.globals["task_address"] = task_address
    return environment
