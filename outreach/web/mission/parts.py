"""A part that a body sent to its mission: read it, then transmit it or return it with a reason."""
