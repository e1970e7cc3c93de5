"""The WSGI entry point: `gunicorn wsgi:app`, `flask` commands."""

from app import create_app, logs

logs.configure_for_commands()
app = create_app()
