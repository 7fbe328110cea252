"""All that our own documents of a form say, in six languages, so that what a person wrote is told from it."""

import difflib
import re

from outreach.i18n import LANGUAGES, speaking
from outreach.questionnaires.documents import anchors, wording
from outreach.questionnaires.documents.outline import Heading, Remark, Row, codes, matrix_of, outline, repeats_of
from outreach.questionnaires.documents.values import plain
from outreach.questionnaires.form import Form, Group, Question
from outreach.questionnaires.picture_files import shown

_LIKE = 0.6
_LONGEST = 500
_MOST_COMPARED = 300
"""So many lines of a file are compared with the words of questions; a file of ours has few that differ."""
_CONTACT = "\x00"


class Known:
    """The anchors, the labels and the sentences of a form's documents."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._compared = 0
        self.questions = {question.name: question for question in form.questions()}
        self.codes = codes(form)
        self.by_code = {plain(code): name for name, code in self.codes.items()}
        self.repeats = repeats_of(form)
        self.matrices = {
            question.name: matrix_of(group)
            for group in form.items()
            if isinstance(group, Group) and matrix_of(group)
            for question in group.items
        }
        self.order = {name: number for number, name in enumerate(self.questions)}
        self.nested = {
            item.name
            for item in form.items()
            if isinstance(item, Group)
            and item.repeat
            and any(one != item.name and item.name in self.repeats_around(one) for one in self._repeats())
        }
        self.tags: dict[str, tuple[str, str | None]] = {}
        self.bookmarks: dict[str, str] = {}
        self.labels: dict[str, set[str]] = {name: set() for name in self.questions}
        self.beside: dict[str, set[str]] = {name: set() for name in self.questions}
        self.choices: dict[str, list[tuple[str, frozenset[str]]]] = {}
        self.sentences: set[str] = set()
        self.how: set[str] = set()
        self.contacts: list[tuple[str, str]] = []
        self.asking: set[str] = {"…"}
        self.words: set[str] = set()
        for name in self.questions:
            self.tags[anchors.tag(name)] = (name, None)
            self.bookmarks[anchors.bookmark(name)] = name
        words: dict[str, dict[str, set[str]]] = {name: {} for name in self.questions}
        for language in LANGUAGES:
            with speaking(language):
                self._learn(language, words)
        for name in self.questions:
            self.choices[name] = [(choice, frozenset(labels)) for choice, labels in words[name].items()]
            for choice in words[name]:
                self.tags[anchors.tag(name, choice)] = (name, choice)
        self.by_label = self._unique_labels()

    def repeats_around(self, name: str) -> tuple[str, ...]:
        """The repeats around a question, or around the questions of a repeat."""
        return self.repeats.get(name, ())

    def _repeats(self) -> list[str]:
        return [name for name, around in self.repeats.items() if around]

    def _learn(self, language: str, words: dict[str, dict[str, set[str]]]) -> None:
        for block in outline(self.form, {}, language):
            if isinstance(block, Row):
                name = block.question.name
                self.labels[name].add(plain(block.label.text))
                for said in wording.under_question(self.form, block):
                    self.beside[name].update(plain(line) for line in said.text.split("\n"))
                self.beside[name].update(plain(line) for line in block.label.text.split("\n"))
                for choice, label in wording.choices(self.form, block.question, language):
                    words[name].setdefault(choice, set()).add(plain(label))
            elif isinstance(block, Heading):
                self.sentences.update((plain(block.label.text), plain(f"{block.code} {block.label.text}")))
                self.sentences.update(plain(said.text) for said in wording.under_heading(self.form, block))
            elif isinstance(block, Remark):
                self.sentences.update(plain(line) for line in block.text.text.split("\n"))
        self.how.update(plain(sentence) for sentence in wording.every_how())
        unplaced = {plain(wording.not_placed(shown(name))) for name in self.form.pictures}
        self.how |= unplaced
        self.sentences |= unplaced
        fixed = (*wording.how_in_word(), *wording.how_in_pdf(), wording.more_blocks(), wording.unneeded_blocks())
        self.sentences.update(plain(sentence) for sentence in (*fixed, wording.how_to_return("")))
        before, _contact, after = wording.how_to_return(_CONTACT).partition(_CONTACT)
        self.contacts.append((plain(before), plain(after)))
        self.asking.update((wording.placeholder(), wording.placeholder_of_list()))
        self.words.update(plain(word) for word in wording.headings())
        self.words.update(plain(word) for word, _text in wording.facts(wording.Front("x", "x", "x", "x", "x", "x")))

    def _unique_labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        twice: set[str] = set()
        for name, labels in self.labels.items():
            for label in labels:
                if label and found.setdefault(label, name) != name:
                    twice.add(label)
        return {label: name for label, name in found.items() if label not in twice}

    def is_ours(self, line: str) -> bool:
        """Whether a paragraph outside of tables is one that our documents have."""
        compared = plain(line)
        if not compared or compared in self.sentences:
            return True
        if re.sub(r"\s*\(\d+\)$", "", compared) in self.sentences:
            return True
        return any(
            compared.startswith(before) and compared.endswith(after) for before, after in self.contacts if before
        )

    def is_like(self, name: str, line: str) -> bool:
        """Whether a line is like the words of a question, though changed."""
        self._compared += 1
        if self._compared > _MOST_COMPARED:
            return False
        compared = plain(line)[:_LONGEST]
        return any(
            difflib.SequenceMatcher(None, compared, one[:_LONGEST]).ratio() >= _LIKE for one in self.labels[name]
        )

    def question(self, name: str) -> Question:
        """The question of this name."""
        return self.questions[name]
