"""What the sign-in pages and account mails say where Flask-Security would speak.

The texts are looked up in the domain `flask_security`: its own catalogues first, then ours (`translations/*/LC_MESSAGES/flask_security.po`),
which translate every text of this module. So they are not marked for `messages.po`.
"""

SENTENCES = {
    "GENERIC_AUTHN_FAILED": "The e-mail address or the password is not right. After ten wrong passwords an account takes none for 15 minutes; "
    "a new password can be chosen by mail at once.",
    "UNAUTHENTICATED": "Please sign in to see this page.",
    "REAUTHENTICATION_REQUIRED": "Please type your password once more to go on.",
    "REAUTHENTICATION_SUCCESSFUL": "Thank you. You may go on.",
    "INVALID_REDIRECT": "The page to go on to is not one of this site. Please begin again here.",
    "PASSWORD_RESET_REQUEST": "If an account has this address, a mail with a link to choose a new password is on its way to it.",
    "PASSWORD_RESET_EXPIRED": "This link worked for %(within)s only. Please ask for a new one.",
    "INVALID_RESET_PASSWORD_TOKEN": "This link was used already, or is not complete. Please ask for a new one.",
    "PASSWORD_RESET_NO_LOGIN": "Your new password is in force. Please sign in with it.",
    "PASSWORD_CHANGE": "Your new password is in force.",
    "PASSWORD_IS_THE_SAME": "Please choose a password other than the present one.",
    "PASSWORD_INVALID_LENGTH": "Please choose a password of at least %(length)s characters.",
    "PASSWORD_NOT_PROVIDED": "Please fill in the password.",
    "INVALID_PASSWORD": "This is not the password of your account.",
    "RETYPE_PASSWORD_MISMATCH": "The two new passwords are not the same.",
    "EMAIL_NOT_PROVIDED": "Please fill in the e-mail address.",
    "INVALID_EMAIL_ADDRESS": "Please write one e-mail address, such as name@secretariat.example.",
    "API_ERROR": "Please fill in the fields of the page.",
}
"""Flask-Security's messages that the enabled pages can show, by its own names (SECURITY_MSG_…)."""

SUBJECTS = {
    "PASSWORD_RESET": "A new password for your account",
    "PASSWORD_NOTICE": "Your password was chosen anew",
    "PASSWORD_CHANGE_NOTICE": "Your password was changed",
}
"""The subjects of its mails (SECURITY_EMAIL_SUBJECT_…)."""

LOCALES = {"zh": "zh_Hans_CN", "fr": "fr_FR", "ru": "ru_RU", "es": "es_ES"}
"""How Flask-Security names its catalogues, where that is not how we name ours; gettext finds ours (`zh`, `fr`) by these names too."""
