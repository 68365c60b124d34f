"""Scripts and style sheets: the files of `static/`, and the sheet that the static report has too."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from starlette.responses import Response

from afterbell.model.access import Role
from afterbell.render import html
from afterbell.web.visit import Entry, Visit

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    """Return content, media type and entity tag by name."""
    found = {"style.css": html.style().encode()}
    for file in resources.files("afterbell.web").joinpath("static").iterdir():
        found[file.name] = file.read_bytes()
    return {
        name: (content, _KINDS[ending], f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        for name, content in found.items()
        if (ending := "." + name.rpartition(".")[2]) in _KINDS
    }


def file(visit: Visit) -> Response:
    """Answer with a file, or say that the browser's copy is still right."""
    known = _files().get(visit.path["name"])
    if known is None:
        return Response("no such file\n", 404, media_type="text/plain")
    content, kind, tag = known
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if visit.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


ENTRIES = (Entry(path="/static/{name}", role=Role.NOBODY, answer=file),)
