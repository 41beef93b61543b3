"""Verifies a journal's public part with nothing of Haven: RFC 6962 hashing, C2SP tlog-tiles and signed-note.
Usage: verify_journal.py PUBLIC_DIR VKEY    Prints "ok <size> <root>", or says what is wrong and exits 1."""
import base64, hashlib, pathlib, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

def sha(data): return hashlib.sha256(data).digest()

def number(n):
    groups = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        groups.insert(0, "x%03d" % (n % 1000))
    return "/".join(groups)

def root(hashes):
    if not hashes: return sha(b"")
    if len(hashes) == 1: return hashes[0]
    k = 1
    while k * 2 < len(hashes): k *= 2
    return sha(b"\x01" + root(hashes[:k]) + root(hashes[k:]))

def main(public, vkey):
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    assert key[0] == 1 and sha(name.encode() + b"\n" + key)[:4].hex() == key_id, "the key's id is false"
    text, signatures = (public / "checkpoint").read_text("utf-8").rsplit("\n\n", 1)
    origin, size, signed = text.split("\n")
    assert origin == name, "the checkpoint is of another log"
    lines = [line.split(" ") for line in signatures.splitlines() if line.startswith("\u2014 " + name + " ")]
    assert len(lines) == 1, "the log's own signature is missing"
    signature = base64.b64decode(lines[0][2])
    assert signature[:4].hex() == key_id, "signed with another key"
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], (text + "\n").encode())
    leaves = []
    for n in range((int(size) + 255) // 256):
        width = min(256, int(size) - n * 256)
        data = (public / "tile/entries" / (number(n) + ("" if width == 256 else ".p/%d" % width))).read_bytes()
        tile = (public / "tile/0" / (number(n) + ("" if width == 256 else ".p/%d" % width))).read_bytes()
        before, at = len(leaves), 0
        while at < len(data):
            end = at + 2 + int.from_bytes(data[at:at + 2], "big")
            assert end == at + 42 and end <= len(data), "an entry is not 40 bytes"
            leaves.append(sha(b"\x00" + data[at + 2:end]))
            at = end
        assert len(leaves) - before == width and b"".join(leaves[before:]) == tile, "tile %d is false" % n
    assert base64.b64encode(root(leaves)).decode() == signed, "the root is not that of the entries"
    print("ok", size, signed)

try:
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
except (AssertionError, InvalidSignature, OSError, ValueError) as error:
    sys.exit("false: %s %s" % (type(error).__name__, error))
