"""How uploads come in: never onto a disk, and never more of one than we would take."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler

from loyalty.pictures.encoding import MOST_BYTES


class KeepTheFirstBytes(MemoryFileUploadHandler):
    """Keeps what a picture may have; of a larger file it only counts the rest.

    So a form can say how large is too large, whatever somebody sends.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= MOST_BYTES:
            self.file.write(raw_data)
