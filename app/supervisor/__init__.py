"""`make run`: one process that starts, watches and stops the web server, the worker, the poller and embedded Valkey."""
