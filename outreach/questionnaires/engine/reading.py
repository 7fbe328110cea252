"""An XForm, as pyxform makes it of a workbook, read into what the rules need."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from outreach.questionnaires.engine.definitions import Action, Control, Definition, Itemset, Option, RuleForm, Text
from outreach.questionnaires.engine.faults import RuleFault
from outreach.questionnaires.engine.grammar import Rule, rule
from outreach.questionnaires.engine.nodes import Item

_XF = "{http://www.w3.org/2002/xforms}"
_HTML = "{http://www.w3.org/1999/xhtml}"
_JR = "{http://openrosa.org/javarosa}"
_ODK = "{http://www.opendatakit.org/xforms}"
_CONTROLS = {"input", "select", "select1", "rank", "trigger", "range", "upload", "secret"}
_KINDS = {"int", "decimal", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape", "binary"}
_FIXED = re.compile(r"\s*instance\(\s*('[^']*'|\"[^\"]*\")\s*\)/root/item\s*")
_ITEXT = re.compile(r"\s*jr:itext\(\s*'([^']*)'\s*\)\s*")

Attachment = Callable[[str], bytes | None]
"""A file that a form refers to, by its name; None where it is not there."""


def read(xform: str, attachment: Attachment = lambda name: None) -> RuleForm:
    """The form that an XForm says. Raises RuleFault for a rule that can't be read, ValueError for what is no XForm."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        html = etree.fromstring(xform.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise ValueError(str(fault)) from fault
    return _Reader(html, attachment).form()


class _Reader:
    def __init__(self, html: Any, attachment: Attachment) -> None:
        model, body = html.find(f"{_HTML}head/{_XF}model"), html.find(f"{_HTML}body")
        instance = None if model is None else model.find(f"{_XF}instance")
        if body is None or instance is None or not len(instance):
            raise ValueError("no model, no instance or no body")
        self.model, self.body, self.primary, self.attachment = model, body, instance[0], attachment
        self.binds = {bind.get("nodeset", "").strip(): bind for bind in model.iter(f"{_XF}bind")}
        self.controls: dict[str, Any] = {}
        self.repeats: dict[str, Any] = {}
        self.actions: dict[str, list[Action]] = {}
        self.top = f"/{_name(self.primary)}"

    def form(self) -> RuleForm:
        self._walk_body(self.body)
        for action in self.model.iter(f"{_XF}setvalue"):
            self._action(action, None)
        texts, translations = self._texts()
        instances = {
            element.get("id"): self._instance(element)
            for element in self.model.findall(f"{_XF}instance")
            if element.get("id")
        }
        return RuleForm(
            root=self._definition([self.primary], [self.primary], self.top),
            instances=instances,
            texts=texts,
            translations=translations,
        )

    def _walk_body(self, element: Any) -> None:
        for child in element:
            local = etree.QName(child).localname
            where = (child.get("ref") or child.get("nodeset") or "").strip()
            if local == "repeat":
                self.repeats[where] = child
            elif local in _CONTROLS and where:
                self.controls[where] = child
            if local == "setvalue":
                source = element.get("ref", "").strip() if etree.QName(element).localname in _CONTROLS else None
                self._action(child, source)
            else:
                self._walk_body(child)

    def _action(self, element: Any, source: str | None) -> None:
        said = element.get("value") or (f"'{element.text}'" if element.text else "''")
        changed = "xforms-value-changed" in element.get("event", "")
        target = re.sub(r"\[[^\]]*\]", "", element.get("ref", "")).strip()
        self.actions.setdefault(target, []).append(Action(rule(said), source if changed else None))

    def _definition(self, elements: list[Any], added: list[Any], path: str) -> Definition:
        """`elements` are those of the form as it opens, `added` those that a new instance of the repeat around it gets."""
        template = next((one for one in added if _is_template(one)), added[0] if added else elements[0])
        first = next((one for one in elements if not _is_template(one)), elements[0])
        bind = self.binds.get(path)
        names, more = _by_name(first), _by_name(template)
        repeat = self.repeats.get(path)
        made = Definition(
            name=_tag(first),
            path=path.removeprefix(self.top),
            leaf=not names and repeat is None,
            repeat=repeat is not None,
            default=(first.text or "") if not names else "",
            kind=_kind(bind),
            actions=self.actions.get(path, []),
        )
        if bind is not None:
            for word in ("relevant", "calculate", "constraint", "required", "readonly"):
                setattr(made, word, self._rule(bind.get(word)))
            if bind.get(f"{_JR}preload"):
                made.preload = (bind.get(f"{_JR}preload"), bind.get(f"{_JR}preloadParams") or "")
        if repeat is not None:
            made.begins_with = sum(1 for element in elements if not _is_template(element))
            made.added_with = sum(1 for element in added if not _is_template(element))
            made.count = self._count(repeat, made.begins_with)
        elif made.leaf and path in self.controls:
            made.control = self._control(self.controls[path], made)
        made.children = [
            self._definition(found, more.get(name, found), f"{path}/{name}") for name, found in names.items()
        ]
        return made

    def _rule(self, said: str | None) -> Rule | None:
        return rule(said) if said is not None and said.strip() else None

    def _count(self, repeat: Any, begins_with: int) -> Rule | None:
        said = repeat.get(f"{_JR}count")
        if said is None and (repeat.get(f"{_JR}noAddRemove") or "").strip() in {"true()", "1", "true"}:
            said = str(max(begins_with, 1))
        return self._rule(said)

    def _control(self, element: Any, definition: Definition) -> Control:
        kind = etree.QName(element).localname
        if kind == "secret":
            kind = "input"
        if kind == "range":
            lowest, highest = (float(element.get(word, "nan")) for word in ("start", "end"))
            return Control("range", lowest=lowest, highest=highest)
        if kind not in {"select", "select1", "rank"}:
            if kind == "upload":
                definition.kind = "binary"
            return Control(kind)
        itemset = element.find(f"{_XF}itemset")
        if itemset is not None:
            return Control(kind, itemset=self._itemset(itemset))
        return Control(kind, options=tuple(_option(item) for item in element.findall(f"{_XF}item")))

    def _itemset(self, element: Any) -> Itemset:
        value, label = element.find(f"{_XF}value"), element.find(f"{_XF}label")
        said = (element.get("nodeset") or element.get("ref") or "").strip()
        return Itemset(
            nodes=rule(said),
            value=rule(value.get("ref") if value is not None else "name"),
            label=self._rule(label.get("ref")) if label is not None else None,
            fixed=_FIXED.fullmatch(said) is not None,
        )

    def _instance(self, element: Any) -> Item:
        top = Item("instance")
        source = element.get("src")
        if source is None:
            for child in element:
                _copy(child, top)
            return top
        held = self.attachment(source.rpartition("/")[2])
        root = Item("root", parent=top)
        if held is not None and source.endswith(".csv"):
            _from_csv(held, root)
        return top

    def _texts(self) -> tuple[dict[str, Text], dict[str, dict[str, Text]]]:
        """The texts of the default language, and those of each language, by id."""
        found: dict[str, dict[str, Text]] = {}
        chosen: dict[str, Text] = {}
        for translation in self.model.findall(f"{_XF}itext/{_XF}translation"):
            texts = found[translation.get("lang", "")] = {}
            for text in translation.findall(f"{_XF}text"):
                plain = [value for value in text.findall(f"{_XF}value") if not value.get("form")]
                if plain:
                    texts[text.get("id")] = _pieces(plain[0])
            if translation.get("default") is not None or not chosen:
                chosen = texts
        return chosen, found


def _is_template(element: Any) -> bool:
    return element.get(f"{_JR}template") is not None


def _by_name(element: Any) -> dict[str, list[Any]]:
    names: dict[str, list[Any]] = {}
    for child in element:
        names.setdefault(_name(child), []).append(child)
    return names


def _pieces(element: Any) -> Text:
    pieces: list[str | Rule] = [element.text or ""]
    for child in element:
        if child.get("value"):
            try:
                pieces.append(rule(child.get("value")))
            except RuleFault:
                pieces.append("")
        pieces.append(child.tail or "")
    return tuple(piece for piece in pieces if piece != "")


def _option(item: Any) -> Option:
    label = item.find(f"{_XF}label")
    name = "".join(item.find(f"{_XF}value").itertext()) if item.find(f"{_XF}value") is not None else ""
    if label is None:
        return Option(name, name)
    found = _ITEXT.fullmatch(label.get("ref") or "")
    return Option(name, label="".join(label.itertext()), label_id=found[1] if found else None)


def _copy(element: Any, parent: Item) -> None:
    made = Item(_tag(element), (element.text or "") if not len(element) else "", parent)
    for child in element:
        _copy(child, made)


def _from_csv(held: bytes, root: Item) -> None:
    text = held.decode("utf-8-sig", "replace").rstrip("\r\n")
    head = text.partition("\n")[0]
    separator = max(",;\t|", key=head.count)
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    columns = next(rows, [])
    for row in rows:
        item = Item("item", parent=root)
        for place, column in enumerate(columns):
            Item(column, row[place] if place < len(row) else "", item)


def _kind(bind: Any) -> str:
    said = (bind.get("type") or "string").rpartition(":")[2] if bind is not None else "string"
    said = {"integer": "int"}.get(said, said)
    return said if said in _KINDS else "string"


def _tag(element: Any) -> str:
    name = etree.QName(element)
    return name.localname if name.namespace in {None, _XF[1:-1]} else str(element.tag)


def _name(element: Any) -> str:
    name = etree.QName(element)
    return name.localname if not element.prefix else f"{element.prefix}:{name.localname}"
