import hashlib
import http.client
import io
import logging
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from elearn.core import state
from elearn.core.catalogues import BrokenCatalogue, compile_catalogues
from elearn.core.processes import Child, ProcessTree

ASK_SECONDS = 1.0


class Command(BaseCommand):
    help = "Prepare everything, then run web server, worker and sweeper as one process tree until Ctrl-C."
    requires_system_checks = []  # It runs them all itself, and says in plain words what is wrong.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--prepare-only", action="store_true", help="bring everything up to date for services of your own, and end"
        )

    def handle(self, *, prepare_only: bool = False, **options: Any) -> None:
        lock = self.take_folder()
        if prepare_only:
            self.prepare()
            self.say("Everything is up to date. Start, or restart, web server, worker and sweeper.")
            return
        listener = self.take_port()
        try:
            welcome = self.prepare()
            tree = ProcessTree(
                children(listener), folder=settings.BASE_DIR, keep_open=(listener.fileno(), lock), say=self.say
            )
            tree.run(is_ready=lambda: answers(listener), when_ready=lambda: self.say(welcome))
        except KeyboardInterrupt:
            pass
        self.say("Stopped.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def take_folder(self) -> int:
        try:
            return state.lock(settings.STATE_DIR)
        except state.InUse as holder:
            raise CommandError(
                f"The site already runs in {settings.STATE_DIR} (process {holder}). "
                "Stop that one first, or give this one a folder of its own with STATE_DIR."
            ) from None
        except OSError as error:
            raise CommandError(f"The folder {settings.STATE_DIR} cannot be written: {error.strerror}.") from None

    def take_port(self) -> socket.socket:
        """Hold the port from the first moment: the web server inherits it, so a restarted one drops no visitor."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.BIND, settings.PORT))
            listener.listen(128)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CommandError(
                f"Port {settings.PORT} on {settings.BIND} cannot be used: {reason}. "
                f"Choose another one, for example: make run PORT={min(settings.PORT, 65_000) + 1}"
            ) from None
        return listener

    def prepare(self) -> str:
        """Bring folders, catalogues, database and static files up to date; answer what to say when all runs."""
        state.make_folders(settings.STATE_DIR, settings.BROKER_DIR)
        try:
            compile_catalogues(settings.LOCALE_PATHS)
            self.check_settings()
            self.say("Preparing the database. The first time takes a minute.")
            call_command("migrate", verbosity=0)
        except BrokenCatalogue as error:
            raise CommandError(f"A translation cannot be used: {error}") from None
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        collect_static()
        welcome = f"\nReady: {settings.SITE_URL}/\n"
        if settings.DEMO:
            logins = io.StringIO()
            logging.getLogger("wagtail").setLevel(logging.WARNING)  # A first start makes a hundred pages.
            call_command("demo", stdout=logins)
            welcome += f"\n{logins.getvalue()}\nCtrl-C stops it.\n"
        return welcome

    def check_settings(self) -> None:
        found = checks.run_checks(include_deployment_checks=True, databases=["default"])
        found = [message for message in found if not message.is_silenced()]
        for message in found:
            text = f"{message.msg} {message.hint or ''}".strip()
            if not message.is_serious():
                self.say(f"Note: {text} ({message.id})")
        wrong = [f"{message.msg} {message.hint or ''}".strip() for message in found if message.is_serious()]
        if wrong:
            raise CommandError("\n".join(["The settings do not allow a start.", *wrong]))


def children(listener: socket.socket) -> list[Child]:
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "--skip-checks", "-A", "elearn"]
    web = [
        *(python, "-m", "gunicorn", settings.WSGI_APPLICATION.replace(".application", ":application")),
        *("--config", "python:elearn.gunicorn_settings", "--bind", f"fd://{listener.fileno()}"),
    ]
    # Chatter between workers has no use here, and on the filesystem transport it only makes files.
    worker = [*celery, "worker", "--pool", "solo", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    workers = [
        Child(f"worker {number}", [*worker, "--hostname", f"worker{number}@%h"])
        for number in range(1, settings.WORKER_PROCESSES + 1)
    ]
    return [Child("web server", web), *workers, Child("sweeper", [*celery, "beat", "--loglevel", "WARNING"])]


def answers(listener: socket.socket) -> bool:
    """Whether the web server answers a request for /healthz."""
    address, port = listener.getsockname()
    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    if address == "0.0.0.0":  # noqa: S104  It means every address; one of them can be asked.
        address = "127.0.0.1"
    asking = http.client.HTTPConnection(address, port, timeout=ASK_SECONDS)
    try:
        asking.request("GET", "/healthz", headers={"Host": host})
        return asking.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def collect_static() -> None:
    """Collect style sheets, scripts and pictures, unless they are the ones collected last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = static_fingerprint()
    if not stamp.exists() or stamp.read_text() != now:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(now)


def static_fingerprint() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
