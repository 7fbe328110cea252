"""The fields of a question's page in the editor in which pictures are chosen or given."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from flask import request

from outreach.i18n import _
from outreach.questionnaires import picture_files
from outreach.questionnaires.picture_files import Given, isolated, matching


class PictureFields:
    """What was sent in them. `held` are the pictures that are there already: name → SHA-256; `given` collects new ones: name → content.

    `faults` say which files can't be taken; `again` are the fields of those that can, which a browser forgets when the page comes back.
    """

    def __init__(self, held: Mapping[str, str]) -> None:
        self.given: dict[str, bytes] = {}
        self.faults: dict[str, str] = {}
        self.again: list[str] = []
        self._held = dict(held)

    def read(self, field: str, stood: str) -> str | None:
        """The name that is given or chosen in a field, empty for none, where `stood` stands now; None where the page has no such field."""
        file, chosen = request.files.get(field), request.form.get(f"{field}-of")
        if file is not None and file.filename:
            return self._taken(field, file.filename, file.read(picture_files.MOST_BYTES + 1)) or stood
        if chosen is None:
            return None
        return chosen if not chosen or chosen in self._held else stood

    def _taken(self, field: str, name: str, content: bytes) -> str:
        """The name under which a new picture is kept: none that another picture has already. Empty where it can't be taken."""
        digest = hashlib.sha256(content).hexdigest()
        same = next((one for one, held in self._held.items() if held == digest), None)
        if same is not None:
            self.again.append(field)
            return same
        if content.startswith(b"PK"):
            self.faults[field] = _(
                "The file %(name)s is no picture. Please give PNG, JPEG, GIF or WebP.", name=isolated(name)
            )
            return ""
        looked = picture_files.looked_at([Given(name, content)])
        if looked.refused:
            self.faults[field] = " ".join(looked.refused)
            return ""
        if len(self._held) >= picture_files.MOST:
            self.faults[field] = _(
                "A questionnaire has at most %(most)d pictures. The others were not taken.", most=picture_files.MOST
            )
            return ""
        named = self._free(next(iter(looked.kept)))
        self.given[named], self._held[named] = content, digest
        self.again.append(field)
        return named

    def _free(self, name: str) -> str:
        taken = {matching(one) for one in self._held}
        path, number, found = PurePosixPath(name), 2, name
        while matching(found) in taken:
            found, number = f"{path.stem}-{number}{path.suffix}", number + 1
        return found
