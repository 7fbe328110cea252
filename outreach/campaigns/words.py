"""The enumerations of campaigns, for pages and commands."""

from outreach.campaigns.models import CampaignKind, FileKind, Origin, ReplyRoute, Sensitivity
from outreach.campaigns.stages import FactKind, Stage

__all__ = ["CampaignKind", "FactKind", "FileKind", "Origin", "ReplyRoute", "Sensitivity", "Stage"]
