"""The enumerations of campaigns, for pages and commands."""

from outreach.campaigns.models import CampaignKind, FileKind, OrderedAct, Origin, ReplyRoute, Sensitivity
from outreach.campaigns.stages import FactKind, Stage

__all__ = ["CampaignKind", "FactKind", "FileKind", "OrderedAct", "Origin", "ReplyRoute", "Sensitivity", "Stage"]
