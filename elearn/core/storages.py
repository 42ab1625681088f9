from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Files that have no address: uploads, PDFs, handouts. A checked view alone hands them out."""

    def url(self, name: str | None) -> str:
        raise NotImplementedError("A private file has no address.")
