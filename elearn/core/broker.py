"""The embedded broker: Celery's filesystem transport, with messages that a worker never reads half-written.

kombu opens the file of a message under its final name and fills it afterwards. A worker that looks in between reads
nothing, ends on the JSON that is not there, and the message is gone; here it gets its name once it is whole.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # The stubs have it otherwise.
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}"
        unfinished = folder / f"{name}.part"  # No queue's name ends so: readers pass it by.
        unfinished.write_text(dumps(payload))
        unfinished.replace(folder / f"{name}.{queue}.msg")


class Transport(filesystem.Transport):
    Channel = Channel
