"""A signed letter is read by an independent verifier: each kind, language and key, with files or without."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from dkim.canonicalization import Simple
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from outreach.config import Settings
from outreach.correspondence import signing
from outreach.correspondence.composition import Enclosure, Frame, Mould
from outreach.correspondence.editions import BOTH, Rendering, parts_of, render
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.signing import Key, Signer
from outreach.errors import SettingsError
from outreach.i18n import LANGUAGES
from tests.correspondence import letters

DOMAIN = "secretariat.example"
AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
"""In the past: what was signed in the future is not believed."""
RSA = Key("2027a", rsa.generate_private_key(public_exponent=65537, key_size=2048))
ED25519 = Key("2027e", Ed25519PrivateKey.generate())
FILE = Enclosure("ملاحظة.pdf", "application/pdf", bytes(range(256)) * 20)


def _letter(
    kind: LetterKind,
    language: str,
    signer: Signer | None,
    *,
    register: Register = Register.LETTER,
    enclosures: tuple[Enclosure, ...] = (),
) -> bytes:
    edition = render(Rendering(kind, register, language, "link" if kind is LetterKind.ACCOUNT else ""), letters.lines)
    frame = Frame(
        Mould(edition.subject, edition.text, edition.html),
        sender="الأمانة  العامة <outreach@secretariat.example>",
        language=language,
        enclosures=enclosures,
        signer=signer,
    )
    thread = {"answersto": "<3@mission.example>", "references": f"<{'1' * 200}@mission.example> <2@mission.example>"}
    more = thread if kind is LetterKind.ANSWER else {}
    return frame.filled(
        {part: letters.values(part) | more for part in parts_of(language)},
        to_address="mission@geneva.example",
        reply_to='"The Office, by mail" <reply+x@secretariat.example>',
        message_id="<1@outreach.example>",
        at=AT,
    )


def _in_dns(*keys: Key) -> Callable[..., bytes | None]:
    """A DNS that has the records of these keys."""
    records = {f"{key.selector}._domainkey.{DOMAIN}.".encode(): key.record.encode() for key in keys}
    return lambda name, timeout=5: records.get(name)


def _verified(raw: bytes, *keys: Key) -> list[bool]:
    """What the verifier says of each signature, from the first."""
    reader = dkim.DKIM(raw, minkey=1024)

    def holds(index: int) -> bool:
        try:
            return bool(reader.verify(index, dnsfunc=_in_dns(*keys)))
        except dkim.ValidationError:
            return False

    return [holds(index) for index in range(raw.count(b"DKIM-Signature: "))]


@pytest.mark.parametrize(
    "kind", [kind for kind in LetterKind if kind is not LetterKind.TEST]
)  # which is a letter of another kind
def test_every_letter_is_signed_by_both_keys(kind: LetterKind) -> None:
    signer = Signer(DOMAIN, [RSA, ED25519])
    for language in (*LANGUAGES, BOTH):
        for enclosures in ((), (FILE,)):
            raw = _letter(kind, language, signer, enclosures=enclosures)
            assert _verified(raw, RSA, ED25519) == [True, True], (language, enclosures)
            assert max(map(len, raw.split(b"\r\n"))) <= 998
            assert (b"\r\nReferences: <1" in raw) is (kind is LetterKind.ANSWER)


def test_a_signed_letter_is_the_letter_and_its_signatures() -> None:
    plain = _letter(LetterKind.INVITATION, "fr", None)
    signed = _letter(LetterKind.INVITATION, "fr", Signer(DOMAIN, [RSA]))
    boundary = plain.partition(b'boundary="')[2].partition(b'"')[0]
    other = signed.partition(b'boundary="')[2].partition(b'"')[0]
    assert signed.replace(other, boundary).endswith(plain)
    assert signed.startswith(b"DKIM-Signature: ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\r\nSubject: ", b"\r\nSubject: Not "),
        (b"\r\nReply-To: ", b"\r\nReply-To: elsewhere@example.invalid, "),
        (b"\r\nTo: ", b"\r\nFrom: Another <another@example.invalid>\r\nTo: "),
        (b"\r\nList-Unsubscribe: <https://outreach.example", b"\r\nList-Unsubscribe: <https://elsewhere.example"),
        (b"</html>", b"</html><p>more"),
    ],
)
def test_what_is_changed_on_the_way_is_found(before: bytes, after: bytes) -> None:
    raw = _letter(LetterKind.INVITATION, "en", Signer(DOMAIN, [RSA, ED25519]))
    assert before in raw
    assert _verified(raw.replace(before, after, 1), RSA, ED25519) == [False, False]


def test_what_relays_do_to_blanks_breaks_nothing() -> None:
    raw = _letter(LetterKind.INVITATION, "en", Signer(DOMAIN, [RSA, ED25519]))
    head, _empty, body = raw.partition(b"\r\n\r\n")
    changed = head.replace(b"\r\nDate: ", b"\r\ndate:   ") + b"\r\n\r\n" + body + b"\r\n\r\n"
    assert changed != raw
    assert all(line == line.rstrip() for line in body.splitlines()), "a blank at the end of a line may be lost"
    assert _verified(changed, RSA, ED25519) == [True, True]


def test_a_new_selector_takes_over_and_the_old_one_need_not_sign() -> None:
    newer = Key("2028a", rsa.generate_private_key(public_exponent=65537, key_size=1024))
    raw = _letter(LetterKind.CODE, "en", Signer(DOMAIN, [RSA, newer]))
    assert b"s=2028a;" in raw and b"s=2027a;" not in raw
    assert _verified(raw, newer) == [True]


FRAMES = {
    language: Frame(
        Mould(edition.subject, edition.text, edition.html),
        sender="Outreach <outreach@secretariat.example>",
        language=language,
        enclosures=(FILE,),
        signer=Signer(DOMAIN, [ED25519]),
    )
    for language in ("en", "ar")
    if (edition := render(Rendering(LetterKind.FORWARDED, Register.LETTER, language, "direct message"), letters.lines))
}


@trying(max_examples=40)
@given(
    st.sampled_from(sorted(FRAMES)),
    st.lists(st.sampled_from(["  ", "\t", "a", "é", ".", "=", "\n", " \n"])).map("".join),
)
def test_the_body_that_leaves_is_the_one_that_is_hashed(language: str, value: str) -> None:
    values = letters.values(language) | {"message": value, "recipient": value, "salutation": value}
    raw = FRAMES[language].filled(
        {language: values}, to_address="a@b.example", reply_to=None, message_id="<1@outreach.example>", at=AT
    )
    body = Simple.canonicalize_body(raw.partition(b"\r\n\r\n")[2])
    assert b" bh=" + base64.b64encode(hashlib.sha256(body).digest()) + b";" in raw


def _pem(key: rsa.RSAPrivateKey | Ed25519PrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> bytes:
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


def test_keys_are_read_from_files_and_the_sender_names_the_domain(settings: Settings, tmp_path: Path) -> None:
    paths = []
    for key in (RSA, ED25519):
        paths.append((key.selector, tmp_path / key.selector))
        assert not isinstance(key.private, ec.EllipticCurvePrivateKey)
        paths[-1][1].write_bytes(_pem(key.private))
    found = signing.signer(replace(settings, dkim_keys=tuple(paths)))
    assert found is not None
    assert (found.domain, [key.kind for key in found.signing]) == (DOMAIN, ["rsa", "ed25519"])
    assert [key.public for key in found.keys] == [RSA.public, ED25519.public]
    other = signing.signer(replace(settings, dkim_keys=tuple(paths), dkim_domain="mail.example"))
    assert other is not None and other.domain == "mail.example"
    assert signing.signer(settings) is None


def test_a_key_that_can_not_sign_is_named_in_a_sentence(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {
        "can't be read": None,
        "holds no private key in PEM": b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n",
        "has a password": _pem(ED25519.private, b"secret"),  # type: ignore[arg-type]
        "neither RSA nor Ed25519": _pem(ec.generate_private_key(ec.SECP256R1())),
        "has 1024 bits": _pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
    }
    monkeypatch.setattr(signing, "LEAST_BITS", 2048)
    for number, (words, content) in enumerate(found.items()):
        path = tmp_path / str(number)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SettingsError, match=f"OUTREACH_DKIM_KEYS names a key 2027a, but .*{words}"):
            signing.signer(replace(settings, dkim_keys=(("2027a", path),)))


def test_the_record_fits_into_strings_of_dns() -> None:
    lines = signing.zone_lines(DOMAIN, RSA)
    assert lines.startswith(f"2027a._domainkey.{DOMAIN}. IN TXT (")
    strings = lines.split('"')[1::2]
    assert max(map(len, strings)) <= 255
    assert "".join(strings) == RSA.record
    assert base64.b64decode(ED25519.record.rpartition("p=")[2], validate=True)
