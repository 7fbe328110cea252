"""The beat's own Celery application: it only rings, so it loads neither tasks nor what they call."""

from celery import Celery

from outreach import config
from workers.schedule import schedule

app = Celery("outreach", broker=config.settings().broker_url)
app.conf.update(
    task_ignore_result=True,
    task_serializer="json",
    broker_connection_retry_on_startup=True,
    beat_schedule=schedule(config.settings()),
    timezone="UTC",
)
