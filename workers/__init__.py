"""The Celery application: thin tasks that call one service each."""
