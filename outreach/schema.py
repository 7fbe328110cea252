"""All tables, imported once so that metadata and migrations see each of them."""

from outreach.campaigns import models as campaigns
from outreach.correspondence import models as correspondence
from outreach.directory import models as directory
from outreach.identity import models as identity
from outreach.inbox import models as inbox
from outreach.questionnaires import models as questionnaires
from outreach.submissions import models as submissions

ALL = (identity, directory, questionnaires, correspondence, campaigns, submissions, inbox)
