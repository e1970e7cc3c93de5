"""The WSGI entry point: `gunicorn wsgi:app`, `flask` commands."""

from app import create_app

app = create_app()
