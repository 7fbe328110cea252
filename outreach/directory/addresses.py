"""E-mail addresses as they may be recorded: one plain address, nothing that could reach into a mail's header."""

from email_validator import EmailNotValidError, validate_email

from outreach.errors import Invalid
from outreach.i18n import _


def checked_address(text: str) -> str:
    """The address in its normal form: domain in lower case and ASCII, local part as typed. Raises Invalid.

    The domain is not looked up, and reserved domains (.example, .test) pass: delivery is where an address proves itself.
    """
    try:
        found = validate_email(
            text.strip(), allow_smtputf8=False, check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError:
        raise Invalid(_("“%(address)s” is not an e-mail address.", address=text.strip()[:100]), field="email") from None
    domain = found.ascii_domain or ""
    if "." not in domain:
        raise Invalid(_("“%(address)s” is not an e-mail address.", address=text.strip()[:100]), field="email")
    return f"{found.local_part}@{domain}"
