"""What single rules come to: each function as ODK XForms defines it, its numbers, and what is no rule."""

from datetime import UTC, datetime

import pytest

from outreach import clock
from outreach.questionnaires.engine import values
from outreach.questionnaires.engine.faults import Endless, RuleFault
from outreach.questionnaires.engine.grammar import Rule
from outreach.questionnaires.engine.nodes import Steps
from outreach.questionnaires.engine.session import Session
from tests.questionnaires.engine.forms import form_of, row


@pytest.fixture(scope="module")
def session() -> Session:
    form = form_of(
        row("text", "t"),
        row("integer", "n"),
        row("select_multiple town", "m"),
        row("select_one town", "o"),
        row("date", "d"),
        row("text", "blank"),
        row("begin_repeat", "r"),
        row("integer", "x"),
        row("end_repeat"),
    )
    answers = {"/t": "Ünï’s", "/n": "7", "/m": ["b1", "a1"], "/o": "a2", "/d": "2026-01-31"}
    return Session(form, {**answers, "/r[1]/x": "1", "/r[2]/x": "2", "/r[3]/x": "4"}, {"/r": 3})


@pytest.mark.parametrize(
    ("said", "comes_to"),
    [
        ("/data/n + 1", "8"),
        ("/data/n div 2", "3.5"),
        ("-7 mod 3", "-1"),
        ("1 div 0", "Infinity"),
        ("0 <= /data/n <= 5", "true"),
        ("1 = 2 < 3", "true"),
        ("/data/n>=0and.!=''", "true"),
        ("/data/n = 1or /data/n = 7", "true"),
        ("concat('1or 2', '3and.')", "1or 23and."),
        ("date('x') + 1", ""),
        ("12345678901234567890 * 1", "12345678901234567000"),
        ("/data/blank + 1", ""),
        ("/data/n = 7 and /data/t != ''", "true"),
        ("/data/blank = ''", "true"),
        ("/data/nowhere = ''", "false"),
        ("/data/blank < 1", "false"),
        ("/data/d > '2025-12-31'", "true"),
        ("/data/d + 1 = date('2026-02-01')", "true"),
        ("today() - /data/d", "28"),
        ("today()", "2026-02-28"),
        ("date(/data/d + 1)", "2026-02-01"),
        ("date('2026-2-3')", "2026-02-03"),
        ("format-date(/data/d, '%e/%n/%y %a %b')", "31/1/26 Sat Jan"),
        ("decimal-date-time('1970-01-02T12:00:00.000Z')", "1.5"),
        ("decimal-time('06:00:00.000+00:00')", "0.25"),
        ("int(2.9)", "2"),
        ("int('-2.9')", "-2"),
        ("round(2.5)", "3"),
        ("round(-2.345, 2)", "-2.35"),
        ("round(1234, -2)", "1200"),
        ("pow(2, 10)", "1024"),
        ("pow(1, /data/blank)", ""),
        ("distance(/data/blank, '1 2')", ""),
        ("jr:choice-name('a', '/data/nowhere')", ""),
        ("geofence('2 4', '0 1;0 5;5 5;0 1')", "true"),
        ("geofence('4 2', '0 1;0 5;5 5;0 1')", "false"),
        ("geofence('2 4', '0 1;0 5;5 5')", "false"),
        ("sqrt(-1)", ""),
        ("log10(1000)", "3"),
        ("1 div 3", "0.3333333333333333"),
        ("0.0000001", "1e-7"),
        ("number('abc')", ""),
        ("number(true())", "1"),
        ("sum(/data/r/x)", "7"),
        ("sum(/data/nowhere)", ""),
        ("max(/data/r/x)", "4"),
        ("min(3, /data/r/x)", "1"),
        ("max(date('2026-02-01'), /data/d)", "20485"),
        ("count(/data/r[x > 1])", "2"),
        ("count-non-empty(/data/r/x)", "3"),
        ("indexed-repeat(/data/r/x, /data/r, 3)", "4"),
        ("indexed-repeat(/data/r/x, /data/r, 9)", ""),
        ("indexed-repeat(/data/r/x, /data/r, 1 div 0)", ""),
        ("round(1 div 0, 2)", "Infinity"),
        ("round(5, 400)", ""),
        ("position(/data/r[2])", "2"),
        ("join(' ', /data/r/x)", "1 2 4"),
        ("join('-', 'a', 'b')", "a-b"),
        ("concat(/data/r/x, '!')", "124!"),
        ("selected(/data/m, 'b1')", "true"),
        ("selected(/data/m, 'b')", "false"),
        ("count-selected(/data/m)", "2"),
        ("count-selected(/data/blank)", "0"),
        ("selected-at(/data/m, 0)", "a1"),
        ("selected-at(/data/m, 7)", ""),
        ("jr:choice-name(/data/o, ' /data/o ')", "Beta"),
        ("instance('town')/root/item[name = /data/o]/area", "a"),
        ("pulldata('town', 'label', 'name', 'b1')", "Gamma"),
        ("if(/data/n > 5, 'more', 'less')", "more"),
        ("coalesce(/data/blank, 'else')", "else"),
        ("once('a')", "Ünï’s"),
        ("boolean-from-string('1')", "true"),
        ("checklist(1, 2, /data/t, /data/n, /data/blank)", "true"),
        ("checklist(3, -1, /data/t, /data/n, /data/blank)", "false"),
        ("weighted-checklist(5, 9, /data/t, 2, /data/n, 3)", "true"),
        ("string-length(/data/t)", "5"),
        ("substr('abcdef', 1, 3)", "bc"),
        ("substr('abcdef', -2)", "ef"),
        ("substring('abcdef', 2, 3)", "bcd"),
        ("substring-before('a@b@c', '@')", "a"),
        ("substring-after('a::b', '::')", "b"),
        ("translate('abc', 'ab', 'x')", "xc"),
        ("normalize-space('  a   b ')", "a b"),
        ("contains(/data/t, 'nï')", "true"),
        ("ends-with('abc', 'c')", "true"),
        ("regex('ab12', '^[a-z]+\\d{2}$')", "true"),
        ("regex('a_b', 'a\\_b')", "true"),
        ("regex('abc1', '^(?=.*[0-9])(?!.*[)z])[a-z0-9]+$')", "true"),
        ("regex('abcz1', '^(?=.*[0-9])(?!.*[)z])[a-z0-9]+$')", "false"),
        ("regex('123-4', '^\\d{3}(?=-)(?!-0).\\d$')", "true"),
        ("regex('123-0', '^\\d{3}(?=-)(?!-0).\\d$')", "false"),
        ("regex('a test', '^((?!test|x[)]).)*$')", "false"),
        ("regex('a tes', '^((?!test|x[)]).)*$')", "true"),
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("base64-decode('w4Q=')", "Ä"),
        ("base64-decode('w4 Q')", "Ä"),
        ("string-length(uuid())", "36"),
        ("/data/t | /data/n", "Ünï’s"),
    ],
)
def test_what_rules_come_to(session: Session, said: str, comes_to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_fixed", datetime(2026, 2, 28, 9, tzinfo=UTC))
    assert Rule(said).text_at(session, session.places["/t"]) == comes_to


def test_the_numbers_of_javascript() -> None:
    written = {1e21: "1e+21", 1.5e-7: "1.5e-7", 100.0: "100", -0.0: "0", 0.1 + 0.2: "0.30000000000000004"}
    assert {number: values.number_text(number) for number in written} == written


@pytest.mark.parametrize("said", ["1 +", "nothing(1)", "/data/t[", "(" * 200 + "1" + ")" * 200, "if(1, 2)"])
def test_what_is_no_rule_is_said(said: str) -> None:
    with pytest.raises(RuleFault):
        Rule(said)


def test_an_endless_rule_and_a_costly_pattern_end(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.questionnaires.engine.nodes.MOST_STEPS", 20_000)
    session.steps = Steps()
    deep = "count(//*[count(//*[count(//*[count(//*) > 0]) > 0]) > 0])"
    with pytest.raises(Endless):
        Rule(deep).text_at(session, session.places["/t"])
    session.steps = Steps()
    assert Rule(f"regex('{'a' * 5000}!', '^(a+)+$')").text_at(session, session.places["/t"]) == "false"
