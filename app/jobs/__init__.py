"""The entry points of work outside a request: the rq worker, its jobs and the poller."""
