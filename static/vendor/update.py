"""Fetch the browser files of VENDOR.md again: npm pack, check, strip, copy.

    python3 static/vendor/update.py          fetch the versions the table names and check them
    python3 static/vendor/update.py --trust  take what was fetched and rewrite the sums

To move to a new version, edit its package in VENDOR.md, run with --trust, read the diff.
Needs npm; nothing else in this project does.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent
STATIC = VENDOR.parent
TABLE = VENDOR / "VENDOR.md"
# The comment points at a file we do not ship, and collectstatic stops at it.
SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n]*\n?")

# Icons of bootstrap-icons that the product uses. Trades first.
ICONS = """
cup-hot-fill scissors car-front-fill fork-knife flower1
arrow-counterclockwise arrow-left arrow-right award backspace bell box-arrow-right
box-arrow-up-right cake calendar-event camera cash-coin check-circle-fill check-lg chevron-down
chevron-left chevron-right circle-half clock clock-history dash-lg download envelope
exclamation-triangle eye eye-slash file-earmark-text fingerprint gear geo-alt gift gift-fill
graph-up heart heart-fill hourglass-split house info-circle key laptop lightning-charge list lock
moon-stars palette pause pencil people person person-plus phone play plus-lg printer qr-code
qr-code-scan question-circle receipt recycle search send share shield-check shop slash-circle star
star-fill stars sun tablet tag telephone three-dots translate trash unlock upload wifi wifi-off
x-circle x-lg
""".split()

# Three trades it lacks, drawn by us.
OWN = """\
<symbol id="bread" viewBox="0 0 16 16"><path d="M3.6 2.5C1.6 2.5.5 3.8.5 5.3c0 1 .5 1.8 1.3 2.2v4.6c0 .8.6 1.4 1.4 1.4h9.6c.8 0 1.4-.6 1.4-1.4V7.5c.8-.4 1.3-1.2 1.3-2.2 0-1.5-1.1-2.8-3.1-2.8zM5 5.2l1.2 1.2-2 2L3 7.2zm4 0 1.2 1.2-3 3L6 8.2zm3.6.4 1.2 1.2-3.2 3.2-1.2-1.2z"/></symbol>
<symbol id="pole" viewBox="0 0 16 16"><path d="M5 .5h6a1 1 0 0 1 1 1V3H4V1.5a1 1 0 0 1 1-1M4 13h8v1.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM5 4h2.5L5 6.5zm4.5 0H11v1.2L5 11.2V8.5zM11 7.2V9.9L8.9 12H6.2z"/></symbol>
<symbol id="dumbbell" viewBox="0 0 16 16"><path d="M3.5 3A1.5 1.5 0 0 1 5 4.5V7h6V4.5a1.5 1.5 0 0 1 3 0V5h.2a1.3 1.3 0 0 1 1.3 1.3v3.4a1.3 1.3 0 0 1-1.3 1.3H14v.5a1.5 1.5 0 0 1-3 0V9H5v2.5a1.5 1.5 0 0 1-3 0V11h-.2A1.3 1.3 0 0 1 .5 9.7V6.3A1.3 1.3 0 0 1 1.8 5H2v-.5A1.5 1.5 0 0 1 3.5 3"/></symbol>
"""


def sprite(all_icons: str) -> bytes:
    """Our symbols only, each under its plain name."""
    found = dict(re.findall(r'<symbol[^>]* id="([^"]+)">(.*?)</symbol>', all_icons, re.DOTALL))
    ours = [f'<symbol id="{i}" viewBox="0 0 16 16">{found[i].strip()}</symbol>' for i in ICONS]
    body = "\n".join(ours) + "\n" + OWN
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}</svg>\n'.encode()


def shaped(file: str, download: bytes) -> bytes:
    """What we commit of a download."""
    if file.endswith("icons.svg"):
        return sprite(download.decode())
    if file.endswith((".css", ".js")):
        return SOURCE_MAP.sub(b"\n", download)
    return download


def fetch(package: str, path: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, package]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            member = tar.extractfile(f"package/{path}")
            assert member, f"{package} has no file {path}"
            return member.read()


def main() -> None:
    lines, wrong = [], []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if len(cells) == 6 and "@" in cells[1]:
            file, package, path, licence, *expected = cells
            download = fetch(package, path)
            content = shaped(file, download)
            sums = [hashlib.sha256(data).hexdigest() for data in (download, content)]
            if sums == expected or "--trust" in sys.argv:
                (STATIC / file).parent.mkdir(parents=True, exist_ok=True)
                (STATIC / file).write_bytes(content)
            else:
                wrong.append(f"{file}: expected {expected}, got {sums}")
            line = f"| `{file}` | `{package}` | `{path}` | {licence} | `{sums[0]}` | `{sums[1]}` |"
        lines.append(line)
    if wrong:
        sys.exit("\n".join([*wrong, "Nothing was written for these."]))
    TABLE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
