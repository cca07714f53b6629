"""The browser files: those of others are known to the byte, ours keep the security policy."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OURS = [
    p for p in sorted(STATIC.rglob("*")) if p.suffix in (".css", ".js") and "vendor" not in p.parts
]
OF_OTHERS = [
    *(
        p
        for p in sorted((STATIC / "vendor").rglob("*"))
        if p.is_file() and p.name not in ("VENDOR.md", "update.py")
    ),
    *sorted((STATIC / "fonts").iterdir()),
    STATIC / "img" / "icons.svg",
]
LINE = re.compile(
    r"^\| `([^`]+)` \| `[^`]+@[\d.]+` \| `[^`]+` \| [^|]+ \| `[0-9a-f]{64}` \| `([0-9a-f]{64})` \|$"
)
# The pages of mail and feeds apart, an address of another host is a request the policy refuses.
HOST = re.compile(r"""(?:https?:)?//[\w-]+\.[\w.-]+""")
NAMESPACE = "http://www.w3.org/2000/svg"


def name(path):
    return str(path.relative_to(ROOT))


def vendor_lines():
    lines = (STATIC / "vendor" / "VENDOR.md").read_text().splitlines()
    return dict(found.groups() for line in lines if (found := LINE.match(line)))


@pytest.mark.parametrize("path", OF_OTHERS, ids=name)
def test_a_file_of_others_has_a_line_with_its_sum(path):
    assert (
        vendor_lines().get(str(path.relative_to(STATIC)))
        == hashlib.sha256(path.read_bytes()).hexdigest()
    )


def test_every_line_has_its_file():
    assert {str(path.relative_to(STATIC)) for path in OF_OTHERS} == set(vendor_lines())


@pytest.mark.parametrize(
    "path", [p for p in [*OF_OTHERS, *OURS] if p.suffix in (".css", ".js")], ids=name
)
def test_no_file_points_at_a_source_map(path):
    assert "sourceMappingURL" not in path.read_text(), "collectstatic stops at it"


@pytest.mark.parametrize("path", [*TEMPLATES, *OURS], ids=name)
def test_nothing_is_fetched_from_another_host(path):
    text = path.read_text().replace(NAMESPACE, "")
    fetching = re.findall(
        r"""(?:src|href|url|import|fetch)\b[^\n]{0,4}?["'(]\s*(?:https?:)?//[^\s"')]+""", text
    )
    assert not fetching
    assert path.suffix == ".html" or not HOST.findall(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_page_keeps_the_security_policy(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text), "a class, please"
    assert not re.search(r"<style\b", text), "a stylesheet, please"
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", text), "a module, please"
    assert not re.search(r"hx-on|javascript:", text), "a module, please"
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or "application/json" in tag for tag in scripts), "a file, please"


@pytest.mark.parametrize(
    "path", [p for p in OURS if p.suffix == ".css" and p.name != "tokens.css"], ids=name
)
def test_colours_live_in_tokens(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", text), "a token, please"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_icon_named_is_in_the_sprite(path):
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / "icons.svg").read_text()))
    assert set(re.findall(r'{% icon "([^"]+)" %}', path.read_text())) <= symbols
