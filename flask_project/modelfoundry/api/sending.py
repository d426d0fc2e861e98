"""Send files of modules, so that they can be fetched in parts and need not be fetched twice."""

import os
from pathlib import Path
from typing import Any

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from modelfoundry.services.modules import Download

FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    206: {"description": "The range of the file that was asked for."},
    304: {"description": "The file is still the one of `If-None-Match`."},
    410: {"description": "The file is no longer on disk."},
    416: {"description": "The file ends before the range begins."},
}


def send_download(download: Download) -> Response:
    """Answer with a file to save: its sha256 as ETag, and only the range that is asked for.

    What was packed on request is an open file, whose size Flask does not look up; without it there
    would be no ranges of it.
    """
    content = download.content
    response = send_file(
        content,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=download.name,
        conditional=False,
        etag=download.sha256,
    )
    size = (
        content.stat().st_size if isinstance(content, Path) else os.fstat(content.fileno()).st_size
    )
    response.content_length = size
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response
