"""How many received mails a second two workers take in, and what a mail costs at ten thousand invitations and at a million.

    .venv/bin/python -m benchmarks.receiving [--invitations 10000 1000000] [--mails 3000] [--workers 2]

A throw-away PostgreSQL (with fsync) with a world of each size, made in bulk: universities that were all asked by a letter that has left.
The mails lie in a Maildir: half are bounces, a tenth automatic replies, the rest replies with a Word file of 30 KB, each about another
invitation. One worker fetches, and understands what it kept; the others understand beside it, as the tasks do. Each mail is stored,
classified, matched and recorded, and replies are acknowledged. Prints a table and, as the last line, JSON.
"""

import argparse
import json
import multiprocessing
import os
import tempfile
import time
import uuid
from dataclasses import replace
from email.message import EmailMessage
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.launching import NOW, make_campaign, settings_for
from outreach import clock, config, db, i18n
from outreach.config import Settings
from outreach.correspondence import addresses, editions, outbox
from outreach.correspondence.editions import CampaignLines, Rendering
from outreach.correspondence.models import LetterKind, Register
from outreach.db import Database
from outreach.directory.seed import seed_states
from outreach.inbox import fetching, taking_in
from outreach.inbox.models import ReceivedMail
from outreach.stack.postgres import Postgres
from outreach.stack.valkey import Valkey
from outreach.storage import Storage

BATCH = 100
_TABLES = ("institution", "contact", "invitation", "invitation_fact", "letter")
_WORLD = """
    WITH numbers AS MATERIALIZED (
        SELECT n, gen_random_uuid() AS institution, gen_random_uuid() AS contact, gen_random_uuid() AS invitation,
            gen_random_uuid() AS letter, translate(lpad(n::text, 8, '0'), '01', 'AB') AS code
        FROM generate_series(1, :invitations) AS n
    ), institutions AS (
        INSERT INTO institution (id, kind, name, language, created_at)
        SELECT institution, 'university', 'Invented University ' || n, 'en', :now FROM numbers
    ), contacts AS (
        INSERT INTO contact (id, institution_id, email, source, created_at)
        SELECT contact, institution, 'rector@university' || n || '.example', 'benchmark', :now FROM numbers
    ), invitations AS (
        INSERT INTO invitation (id, campaign_id, institution_id, code, origin, reply_route, created_at, stage, stage_at)
        SELECT invitation, :campaign, institution, left(code, 4) || '-' || right(code, 4), 'launch', 'direct', :now, 'sent', :now
        FROM numbers
    ), facts AS (
        INSERT INTO invitation_fact (id, invitation_id, kind, at, by, details)
        SELECT gen_random_uuid(), invitation, 'letter_sent', :now, 'benchmark', '{}' FROM numbers
    )
    INSERT INTO letter (id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, attempt, to_address,
        merge, message_id, envelope_token, reply_to, state, due_at, queued_at, settled_at, accounted_at, tries)
    SELECT letter, :edition, 'invitation', 'en', :campaign, invitation, contact, 'launch', 1, 'rector@university' || n || '.example',
        '{}', '<' || letter || '@outreach.example>', replace(letter::text, '-', ''), 'office@secretariat.example', 'sent',
        :now, :now, :now, :now, 1
    FROM numbers
"""


def make_world(database: Database, storage: Storage, invitations: int) -> None:
    """So many invitations, each with a letter that has left."""
    with database.write() as session:
        seed_states(session)
        campaign = make_campaign(session, storage, launched=True)
        wanted = Rendering(LetterKind.INVITATION, Register.LETTER, "en")
        edition = editions.freeze(session, wanted, editions.render(wanted, lambda _language: _lines()), [])
        for table in _TABLES:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))  # a reference checked row by row
        values = {"invitations": invitations, "campaign": campaign.id, "edition": edition, "now": NOW}
        session.execute(text(_WORLD), values)
        for table in _TABLES:
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))
    with database.writing() as session:
        session.execute(text("ANALYZE"))
        session.commit()


def _lines() -> CampaignLines:
    return CampaignLines(
        code="BENCH", title="A benchmark", mandate="A/HRC/RES/54/22", note_reference="BENCH/1", note_date=NOW.date(),
        contact="office@secretariat.example", body="The Office would be grateful for an answer.",
    )  # fmt: skip


def write_mails(session: Session, folder: Path, mails: int) -> None:
    """The Maildir with so many mails, each about another letter of the whole world."""
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True)
    found = session.execute(
        text(
            "SELECT letter.to_address, letter.message_id, letter.envelope_token, invitation.code FROM invitation"
            " JOIN letter ON letter.invitation_id = invitation.id ORDER BY md5(invitation.code) LIMIT :mails"
        ),
        {"mails": mails},
    )
    word = _like_a_word_file()
    for number, (address, message_id, token, code) in enumerate(found):
        if number % 10 < 5:
            raw = _bounce(number, address, message_id, outbox.envelope_sender(token))
        else:
            raw = _written(number, address, message_id, addresses.reply_address(code), word)
        (folder / "new" / f"{number:08d}.bench").write_bytes(raw)


def _bounce(number: int, address: str, message_id: str, to: str) -> bytes:
    return (
        f"Return-Path: <>\r\nDelivered-To: {to}\r\nFrom: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: {to}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce{number}@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="zz"\r\n\r\n'
        "--zz\r\nContent-Type: text/plain\r\n\r\nThis is the mail system. Your message could not be delivered.\r\n\r\n"
        f"<{address}>: host mx.example said: 550 5.1.1 No such mailbox (in reply to RCPT TO command)\r\n"
        f"--zz\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such mailbox\r\n\r\n"
        f"--zz\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: A letter\r\nMessage-ID: {message_id}\r\n\r\n--zz--\r\n"
    ).encode()


def _written(number: int, address: str, message_id: str, to: str, word: bytes) -> bytes:
    mail = EmailMessage()
    mail["Return-Path"], mail["Delivered-To"], mail["From"], mail["To"] = f"<{address}>", to, address, to
    mail["Message-ID"], mail["In-Reply-To"] = f"<reply{number}@university.example>", message_id
    if number % 10 == 9:
        mail["Subject"], mail["Auto-Submitted"] = "Automatic reply: A letter", "auto-replied"
        mail.set_content("I am out of the office until 12 March 2027.")
        return mail.as_bytes().replace(b"\n", b"\r\n")
    mail["Subject"] = "Re: A letter"
    quoted = "\n".join(["> The Office would be grateful for an answer."] * 30)
    mail.set_content(f"Please find our answer attached.\n\nThe Office wrote:\n{quoted}\n")
    mail.add_attachment(
        word,
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
        filename=f"answer {number}.docx",
    )
    return mail.as_bytes().replace(b"\n", b"\r\n")


def _like_a_word_file() -> bytes:
    """The beginning of an archive, and what compressed words look like."""
    return b"PK\x03\x04" + b"".join(uuid.uuid5(uuid.NAMESPACE_DNS, str(n)).bytes for n in range(1_900))


def work(settings: Settings, fetches: bool, begin: Event, kept: Event, ended: Event, spent: "Queue[float]") -> None:
    """One worker: the one that fetches, or one that understands what was kept, until all is done; tells its processor time."""
    config.use(settings)
    database, storage = Database(settings.database_url), Storage(settings.storage)
    with i18n.speaking("en"):
        begin.wait()
        before = time.process_time()
        if fetches:
            while fetching.fetch(database, storage, settings, most=BATCH, kept=kept.set).new:
                pass
            ended.set()
            kept.set()
        else:
            while not ended.is_set():
                kept.wait(1)
                kept.clear()
                taking_in.go_on(database, storage, most=BATCH)
    spent.put(time.process_time() - before)
    database.dispose()


def measured(settings: Settings, invitations: int, mails: int, workers: int) -> dict[str, Any]:
    """Make a world and its mails, take them in, count."""
    db.migrate(settings.database_url)
    database = Database(settings.database_url)
    with clock.stopped_at(NOW):
        make_world(database, Storage(settings.storage), invitations)
    with database.read() as session:
        write_mails(session, Path(settings.inbox_url.removeprefix("maildir://")), mails)
    with database.writing() as session:
        session.execute(text("CHECKPOINT"))
    starting = multiprocessing.get_context("spawn")
    begin, kept, ended, spent = starting.Event(), starting.Event(), starting.Event(), starting.Queue()
    at_work = [
        starting.Process(target=work, args=(settings, number == 0, begin, kept, ended, spent))
        for number in range(workers)
    ]
    for one in at_work:
        one.start()
    time.sleep(8)  # all is loaded
    began = time.perf_counter()
    begin.set()
    processor = sum(spent.get() for _one in at_work)
    for one in at_work:
        one.join()
    seconds = time.perf_counter() - began
    with database.read() as session:
        kinds = dict(
            session.execute(
                select(ReceivedMail.kind, func.count())
                .where(ReceivedMail.understood_at.is_not(None), ReceivedMail.invitation_id.is_not(None))
                .group_by(ReceivedMail.kind)
            ).all()
        )
        acknowledged = session.scalar(text("SELECT count(*) FROM letter WHERE kind = 'acknowledgement'"))
    database.dispose()
    assert sum(kinds.values()) == mails, kinds
    return {
        "invitations": invitations, "mails": mails, "workers": workers, "seconds": round(seconds, 1),
        "mails_a_second": round(mails / seconds), "ms_a_mail": round(1000 * seconds / mails, 2),
        "processor_ms_a_mail": round(1000 * processor / mails, 2),
        "kinds": {kind.value: number for kind, number in kinds.items()}, "acknowledged": acknowledged,
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--invitations", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--mails", type=int, default=3000)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name, Postgres(Path(name) / "postgres") as server:
        broker = Valkey(Path(name) / "valkey")
        broker.start()
        for size in chosen.invitations:
            server.make_database(f"world{size}")
            folder = Path(name) / str(size)
            settings = settings_for(server.url(f"world{size}"), folder)
            settings = replace(settings, inbox_url=f"maildir://{folder}/box", broker_url=broker.url)
            config.use(settings)
            found.append(measured(settings, size, chosen.mails, chosen.workers))
            print(found[-1], flush=True)
        broker.stop()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    print(
        "| invitations | mails | workers | seconds | mails a second | ms a mail | of it processor, ours |\n|"
        + " ---: |" * 7
    )
    for one in found:
        print(
            f"| {one['invitations']:,} | {one['mails']:,} | {one['workers']} | {one['seconds']}"
            f" | {one['mails_a_second']} | {one['ms_a_mail']} | {one['processor_ms_a_mail']} |"
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
