"""Containers for tests, made by hand where no free program writes them: winmail.dat, .msg, RAR; and 7z, S/MIME."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from typing import Any

SECTOR, MINI = 512, 64
END, FREE = 0xFFFFFFFE, 0xFFFFFFFF

Tree = Mapping[str, Any]  # name -> bytes of a stream, or a storage


def tnef(files: Mapping[str, bytes], body: bytes = b"") -> bytes:
    """A winmail.dat with files under eight-bit names and a body in windows-1251."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    out += _attribute(1, 0x00069007, struct.pack("<II", 1251, 0))
    if body:
        out += _attribute(1, 0x0002800C, body + b"\0")
    for name, data in files.items():
        out += _attribute(2, 0x00069002, struct.pack("<HIHHHI", 1, 0, 0, 0, 0, 0))
        out += _attribute(2, 0x00018010, name.encode("cp1251") + b"\0")
        out += _attribute(2, 0x0006800F, data)
    return out


def _attribute(level: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def rar(files: Mapping[str, bytes], *, encrypted: bool = False) -> bytes:
    """A RAR 5 archive of files that are stored as they are, or one whose headers are encrypted."""
    out = b"Rar!\x1a\x07\x01\x00"
    if encrypted:
        return out + _rar_block(b"\x04\x00" + b"\x00\x00\x0f" + bytes(16)) + bytes(64)
    out += _rar_block(b"\x01\x00\x00")
    for name, data in files.items():
        raw = name.encode()
        head = b"\x02\x02" + _vint(len(data)) + b"\x04" + _vint(len(data)) + _vint(0o100644)
        head += struct.pack("<I", zlib.crc32(data)) + _vint(0) + b"\x01" + _vint(len(raw)) + raw
        out += _rar_block(head) + data
    return out + _rar_block(b"\x05\x00\x00")


def _rar_block(head: bytes) -> bytes:
    sized = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _vint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def seven_zip(files: Mapping[str, bytes]) -> bytes:
    import libarchive

    out = io.BytesIO()
    with libarchive.custom_writer(out.write, "7zip") as archive:
        for name, data in files.items():
            archive.add_file_from_memory(name, len(data), data)
    return out.getvalue()


def msg(subject: str, sender: str, body: str, files: Mapping[str, bytes]) -> bytes:
    """A saved Outlook message with Unicode properties."""
    tree: dict[str, Any] = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_0C1A001F": sender.partition("@")[0].encode("utf-16-le"),
        "__substg1.0_5D01001F": sender.encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
    }
    for number, (name, data) in enumerate(files.items()):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": bytes(8),
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            "__substg1.0_37010102": data,
        }
    return compound(tree)


def compound(tree: Tree) -> bytes:
    """An OLE compound file, version 3."""
    entries: list[list[Any]] = [["Root Entry", 5, FREE, FREE, FREE, 0, 0]]
    big: list[bytes] = []
    small = bytearray()
    mini_fat: list[int] = []
    fat: list[int] = []

    def chain(table: list[int], count: int) -> int:
        first = len(table)
        table.extend([*range(first + 1, first + count), END] if count else [])
        return first if count else END

    def lay(parent: int, children: Tree) -> None:
        previous = FREE
        for name in sorted(children, key=lambda one: (len(one), one.upper()), reverse=True):
            content = children[name]
            number = len(entries)
            if isinstance(content, bytes):
                if len(content) >= 4096:
                    start = chain(fat, -(-len(content) // SECTOR))
                    big.append(content + bytes(-len(content) % SECTOR))
                else:
                    start = chain(mini_fat, -(-len(content) // MINI))
                    small.extend(content + bytes(-len(content) % MINI))
                entries.append([name, 2, FREE, previous, FREE, start, len(content)])
            else:
                entries.append([name, 1, FREE, previous, FREE, 0, 0])
                lay(number, content)
            previous = number
        entries[parent][4] = previous

    lay(0, tree)
    entries[0][5] = chain(fat, -(-len(small) // SECTOR))
    entries[0][6] = len(small)
    big.append(bytes(small) + bytes(-len(small) % SECTOR))
    folder = b"".join(_entry(*one) for one in entries)
    folder += bytes(-len(folder) % SECTOR)
    folder_at = chain(fat, len(folder) // SECTOR)
    mini = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini += b"\xff" * (-len(mini) % SECTOR)
    mini_at = chain(fat, len(mini) // SECTOR)
    count = 1
    while (len(fat) + count) * 4 > count * SECTOR:
        count += 1
    fat_at = len(fat)
    fat.extend([0xFFFFFFFD] * count)
    table = struct.pack(f"<{len(fat)}I", *fat)
    table += b"\xff" * (count * SECTOR - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, count, folder_at, 0, 4096, mini_at, len(mini) // SECTOR, END, 0)
    head += struct.pack("<109I", *range(fat_at, fat_at + count), *[FREE] * (109 - count))
    return head + b"".join(big) + folder + mini + table


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    out = raw + bytes(64 - len(raw)) + struct.pack("<HBB", len(raw), kind, 1)
    return out + struct.pack("<III", left, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def signed(entity: bytes) -> bytes:
    """Opaque S/MIME: the entity inside a signature, DER."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.serialization import pkcs7

    key, certificate = _identity()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(entity).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def sealed(entity: bytes) -> bytes:
    """Encrypted S/MIME, DER."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs7

    _, certificate = _identity()
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(entity).add_recipient(certificate)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def _identity() -> tuple[Any, Any]:
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Иванов")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    return key, certificate
