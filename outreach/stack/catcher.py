"""The mail catcher of demo and trials: takes every mail by SMTP on loopback, lets none leave, and shows them on a page.

What is written to the service itself it delivers into the service's mailbox as well.
"""

import signal
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, Response, abort, render_template, request
from werkzeug.serving import make_server

from outreach.stack.letterbox import Letterbox
from outreach.stack.maildir import Maildir
from outreach.stack.ports import HOST

PAGE = 50
_BEGINNING = 60.0
"""Seconds until it must listen; a busy machine takes its time."""

# Addresses that begin so are refused, so that a rehearsal has letters that fail. The words are those of usual servers.
REFUSALS = {
    "refuse-550": "550 5.1.1 The e-mail account that you tried to reach does not exist",
    "full-552": "552 5.2.2 Mailbox full",
    "later-451": "451 4.7.1 Please try again later",
}


class _Handler:
    def __init__(self, box: Letterbox, inbox: Maildir | None = None) -> None:
        self._box, self._inbox = box, inbox

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        for beginning, reply in REFUSALS.items():
            if address.startswith(beginning):
                return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self._box.keep(envelope.mail_from or "", envelope.rcpt_tos, content)
        if self._inbox is not None:
            self._inbox.deliver(envelope.mail_from or "", envelope.rcpt_tos, content)
        return "250 Kept"


def make_page(box: Letterbox) -> Flask:
    """The catcher's page: what was caught, newest first."""
    app = Flask("outreach.stack")

    @app.after_request
    def _secure(response: Response) -> Response:
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'",
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.get("/")
    def mails() -> str:
        wanted = request.args.get("to", "").strip().lower()
        before = request.args.get("before", type=int)
        found = []
        for number in reversed(box.numbers()):
            if before is not None and number >= before:
                continue
            mail = box.read(number)
            if mail is not None and (not wanted or any(wanted in to.lower() for to in mail.recipients)):
                found.append(mail)
            if len(found) > PAGE:
                break
        return render_template(
            "catcher.html", mails=found[:PAGE], older=len(found) > PAGE, wanted=wanted, total=len(box.numbers())
        )

    @app.get("/<int:number>")
    def mail(number: int) -> str:
        found = box.read(number) or abort(404)
        return render_template("caught.html", mail=found, attachments=list(found.message.iter_attachments()))

    @app.get("/<int:number>/html")
    def page(number: int) -> Response:
        found = box.read(number) or abort(404)
        response = Response(found.body("html"), mimetype="text/html")
        response.headers["Content-Security-Policy"] = (
            "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )
        return response

    @app.get("/<int:number>/files/<int:index>")
    def file(number: int, index: int) -> Response:
        found = box.read(number) or abort(404)
        files = list(found.message.iter_attachments())
        if index >= len(files):
            abort(404)
        response = Response(files[index].get_payload(decode=True), mimetype="application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=files[index].get_filename() or "file")
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return app


def main(arguments: list[str]) -> None:
    """Run until told to stop: FOLDER SMTP_PORT WEB_PORT [HOST [MAILDIR DOMAIN]].

    Without HOST nobody else reaches it; mail to DOMAIN is delivered into MAILDIR.
    """
    host = arguments[3] if len(arguments) > 3 else HOST
    inbox = Maildir(Path(arguments[4]), arguments[5]) if len(arguments) > 5 else None
    box = Letterbox(Path(arguments[0]))
    controller = Controller(
        _Handler(box, inbox), hostname=host, port=int(arguments[1]), enable_SMTPUTF8=True, ready_timeout=_BEGINNING
    )
    controller.start()
    server = make_server(host, int(arguments[2]), make_page(box), threaded=True)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stopping.wait()
    controller.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
