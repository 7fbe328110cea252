"""A reply as Thunderbird writes it: what it answers quoted below, and a Word file attached. Invented."""

from base64 import encodebytes
from datetime import datetime
from email.utils import format_datetime

from outreach.stack.letterbox import Caught

SOURCE = """\
Message-ID: <6f0c1d2e-7b1a-4c55-9d0e-2a77c0e4b9f1@{domain}>
Date: {date}
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
Subject: Re: =?UTF-8?Q?Nota_verbal_de_la_Secretar=C3=ADa?=
To: {reply_to}
References: {message_id}
Content-Language: es-ES
From: =?UTF-8?Q?Misi=C3=B3n_Permanente?= <{sender}>
In-Reply-To: {message_id}
Content-Type: multipart/mixed; boundary="------------0VwJQ5e0bZ8yqkq1b2Yl0yTn"

This is a multi-part message in MIME format.
--------------0VwJQ5e0bZ8yqkq1b2Yl0yTn
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

Se adjunta la respuesta del Gobierno.
Aprovechamos la oportunidad para reiterar nuestra consideración.

El 12/1/27 a las 9:30, Outreach escribió:
{quoted}
--------------0VwJQ5e0bZ8yqkq1b2Yl0yTn
Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document;
 name="=?UTF-8?Q?Respuesta_n=C3=BAm=2E_17=2Edocx?="
Content-Disposition: attachment; filename*=UTF-8''Respuesta%20n%C3%BAm.%2017.docx
Content-Transfer-Encoding: base64

{file}
--------------0VwJQ5e0bZ8yqkq1b2Yl0yTn--
"""


def reply(letter: Caught, sender: str, file: bytes, at: datetime) -> bytes:
    """The raw source of the reply to a letter."""
    written = SOURCE.format(
        domain=sender.rpartition("@")[2],
        date=format_datetime(at),
        reply_to=letter.message["Reply-To"],
        message_id=letter.message["Message-ID"],
        sender=sender,
        quoted="\n".join(f"> {line}" for line in letter.body("plain").splitlines()),
        file=encodebytes(file).decode("ascii").strip(),
    )
    return written.replace("\n", "\r\n").encode()
