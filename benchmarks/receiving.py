"""How many received mails a second two workers take in, and what a mail costs at ten thousand invitations and at a million.

    .venv/bin/python -m benchmarks.receiving [--invitations 10000 1000000] [--mails 3000] [--workers 2] [--waiting 5000]

A throw-away PostgreSQL (with fsync) with a world of each size, made in bulk: universities that were all asked by a letter that has left.
The mails lie in a Maildir: half are bounces, a tenth automatic replies, the rest replies with a Word file of 30 KB, each about another
invitation. One worker fetches, and understands what it kept; the others understand beside it, as the tasks do. Each mail is stored,
classified, matched and recorded, and replies are acknowledged. With `--waiting`, so many also wait in a mailbox by IMAP, of the first world.
What came is counted from outside: by the hashes of what was delivered, in the table and in the storage. Prints a table and, as the last
line, JSON.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from imap_tools import MailBoxUnencrypted
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.launching import NOW, make_campaign, settings_for
from benchmarks.sending import cpu_seconds
from outreach import clock, config, db, i18n
from outreach.config import Settings
from outreach.correspondence import addresses, editions, outbox
from outreach.correspondence.editions import CampaignLines, Rendering
from outreach.correspondence.models import LetterKind, Register
from outreach.db import Database
from outreach.directory.seed import seed_states
from outreach.inbox import fetching, taking_in
from outreach.inbox.models import ReceivedMail
from outreach.stack.child import Child
from outreach.stack.ports import HOST, answers, free_port
from outreach.stack.postgres import Postgres
from outreach.stack.valkey import Valkey
from outreach.storage import Storage

BATCH = 100
_TABLES = ("institution", "contact", "invitation", "invitation_fact", "letter")
_WORLD = """
    WITH numbers AS MATERIALIZED (
        SELECT n, uuidv7() AS institution, uuidv7() AS contact, uuidv7() AS invitation,
            uuidv7() AS letter, translate(lpad(n::text, 8, '0'), '01', 'AB') AS code
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
        SELECT uuidv7(), invitation, 'letter_sent', :now, 'benchmark', '{}' FROM numbers
    )
    INSERT INTO letter (id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, attempt, to_address,
        merge, message_id, envelope_token, reply_to, state, due_at, queued_at, settled_at, tries)
    SELECT letter, :edition, 'invitation', 'en', :campaign, invitation, contact, 'launch', 1, 'rector@university' || n || '.example',
        '{}', '<' || letter || '@outreach.example>', replace(letter::text, '-', ''), 'office@secretariat.example', 'sent',
        :now, :now, :now, 1
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


def make_mails(session: Session, mails: int, begin: int = 0) -> list[bytes]:
    """So many mails, each about another letter of the whole world, from that place on."""
    found = session.execute(
        text(
            "SELECT letter.to_address, letter.message_id, letter.envelope_token, invitation.code FROM invitation"
            " JOIN letter ON letter.invitation_id = invitation.id WHERE letter.kind = 'invitation'"
            " ORDER BY md5(invitation.code) LIMIT :mails OFFSET :begin"
        ),
        {"mails": mails, "begin": begin},
    )
    word = _like_a_word_file()
    return [
        _bounce(begin + number, address, message_id, outbox.envelope_sender(token))
        if number % 10 < 5
        else _written(begin + number, address, message_id, addresses.reply_address(code), word)
        for number, (address, message_id, token, code) in enumerate(found)
    ]


def deliver_to_folder(folder: Path, mails: list[bytes]) -> None:
    """Put mails into a new Maildir."""
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (folder / "new" / f"{number:08d}.bench").write_bytes(raw)


@contextmanager
def imap_server(folder: Path) -> Iterator[int]:
    """An IMAP server that keeps mail in memory, as the tests have it; its port."""
    port = free_port(18143)
    server = Child(
        "the IMAP server",
        [
            sys.executable, "-c", "from pymap.main import main; main()", "--host", HOST, "--port", str(port), "--no-tls",
            "--no-service", "admin", "--no-service", "managesieve", "dict", "--demo-user", "bench", "--demo-password", "bench",
        ],
        log=folder / "imap.log",
    )  # fmt: skip
    server.wait_until(lambda: answers(port))
    yield port
    server.stop()


def deliver_by_imap(port: int, mails: list[bytes]) -> None:
    """Put mails into a new folder of the server."""
    with MailBoxUnencrypted(HOST, port, timeout=60).login("bench", "bench") as box:
        box.folder.create("Replies")
        for raw in mails:
            box.append(raw, "Replies")


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


def work(
    settings: Settings, fetches: bool, begin: Event, kept: Event, ended: Event, told: "Queue[tuple[float, float]]"
) -> None:
    """One worker: the one that fetches, or one that understands what was kept, until all is done; tells its processor time and memory."""
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
    told.put((time.process_time() - before, megabytes()))
    database.dispose()


def megabytes() -> float:
    """The largest size of this process, without that of the one that started it."""
    words = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()
    return int(words[0]) / 1024


def measured(settings: Settings, mails: list[bytes], workers: int) -> dict[str, Any]:
    """Take in the mails that wait, and count."""
    database = Database(settings.database_url)
    with database.writing() as session:
        session.execute(text("CHECKPOINT"))
    starting = multiprocessing.get_context("spawn")
    begin, kept, ended, told = starting.Event(), starting.Event(), starting.Event(), starting.Queue()
    at_work = [
        starting.Process(target=work, args=(settings, number == 0, begin, kept, ended, told))
        for number in range(workers)
    ]
    for one in at_work:
        one.start()
    time.sleep(8)  # all is loaded
    began, processors = time.perf_counter(), cpu_seconds()
    begin.set()
    said = [told.get() for _one in at_work]
    seconds, all_seconds = time.perf_counter() - began, cpu_seconds() - processors
    for one in at_work:
        one.join()
    delivered = {hashlib.sha256(raw).hexdigest() for raw in mails}
    with database.read() as session:
        rows = session.execute(
            select(ReceivedMail.content, ReceivedMail.kind).where(
                ReceivedMail.understood_at.is_not(None),
                ReceivedMail.invitation_id.is_not(None),
                ReceivedMail.content.in_(delivered),
            )
        ).all()
        acknowledged = session.scalar(text("SELECT count(*) FROM letter WHERE kind = 'acknowledgement'"))
        invitations = session.scalar(text("SELECT count(*) FROM invitation"))
    database.dispose()
    stored = {file.name for file in settings.storage.rglob("*") if file.is_file()}
    own = sum(one[0] for one in said)
    return {
        "invitations": invitations, "mails": len(mails), "workers": workers, "seconds": round(seconds, 1),
        "mails_a_second": round(len(mails) / seconds), "ms_a_mail": round(1000 * seconds / len(mails), 2),
        "own_ms_a_mail": round(1000 * own / len(mails), 2),
        "servers_ms_a_mail": round(1000 * (all_seconds - own) / len(mails), 2),
        "megabytes": max(one[1] for one in said), "lost": len(delivered - {row.content for row in rows} | delivered - stored),
        "twice": len(rows) - len({row.content for row in rows}), "acknowledged": acknowledged,
        "kinds": {kind.value: number for kind, number in Counter(row.kind for row in rows).items()},
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--invitations", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--mails", type=int, default=3000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--waiting", type=int, default=0)
    options.add_argument("--rounds", type=int, default=1)
    chosen = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name, Postgres(Path(name) / "postgres") as server:
        broker = Valkey(Path(name) / "valkey")
        broker.start()
        worlds = {}
        for size in chosen.invitations:
            server.make_database(f"world{size}")
            folder = Path(name) / str(size)
            settings = replace(settings_for(server.url(f"world{size}"), folder), broker_url=broker.url)
            config.use(settings)
            db.migrate(settings.database_url)
            database = Database(settings.database_url)
            with clock.stopped_at(NOW):
                make_world(database, Storage(settings.storage), size)
            worlds[size] = settings, database
        # In turns: what else the machine does falls on all sizes alike.
        for turn in range(chosen.rounds):
            for settings, database in worlds.values():
                config.use(settings)
                box = settings.storage.parent / f"box{turn}"
                with database.read() as session:
                    mails = make_mails(session, chosen.mails, turn * chosen.mails)
                deliver_to_folder(box, mails)
                found.append(measured(replace(settings, inbox_url=f"maildir://{box}"), mails, chosen.workers))
                print(found[-1], flush=True)
        if chosen.waiting:
            settings, database = next(iter(worlds.values()))
            config.use(settings)
            with imap_server(Path(name)) as port, database.read() as session:
                mails = make_mails(session, chosen.waiting, chosen.rounds * chosen.mails)
                deliver_by_imap(port, mails)
                url = f"imap://bench:bench@{HOST}:{port}/Replies"
                found.append({"imap": True, **measured(replace(settings, inbox_url=url), mails, chosen.workers)})
                print(found[-1], flush=True)
        for _settings, database in worlds.values():
            database.dispose()
        broker.stop()
    print(f"{os.cpu_count()} cores")
    print(
        "| invitations | mailbox | mails | load | seconds | mails a second | ms a mail, ours | servers | MB | lost | twice |"
    )
    print("|" + " ---: |" * 11)
    for one in found:
        print(
            f"| {one['invitations']:,} | {'IMAP' if 'imap' in one else 'Maildir'} | {one['mails']:,} | {one['load']} | {one['seconds']}"
            f" | {one['mails_a_second']} | {one['own_ms_a_mail']} | {one['servers_ms_a_mail']} | {one['megabytes']:.0f}"
            f" | {one['lost']} | {one['twice']} |"
        )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
