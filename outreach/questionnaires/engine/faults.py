"""What goes wrong with rules."""


class RuleFault(Exception):
    """A rule can't be read or worked out. `rule` is its text; `reason` is for people who write rules."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason


class Endless(Exception):
    """The rules take more steps than any honest questionnaire needs."""
