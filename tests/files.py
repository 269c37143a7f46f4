"""Bytes of files as people send them, small and invented."""

import io

from PIL import Image

OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)
PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(40)


def picture(format="JPEG", size=(40, 30), colour="green", **more):
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, format, **more)
    return buffer.getvalue()
