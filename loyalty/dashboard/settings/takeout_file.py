"""The file with everything, written row by row to disk: as little memory for a big shop as for a
small one, and all of one moment."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any, TextIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.db import connection
from django.utils import translation

from loyalty.dashboard.settings.takeout import FILES, PICTURES, PROGRAMMES, SETTINGS, Table
from loyalty.dashboard.settings.takeout_words import readme
from loyalty.downloads import BYTE_ORDER_MARK, Cell, write_csv
from loyalty.models import Shop


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within is of one moment. Nobody waits for it, as they would for `atomic`."""
    if connection.in_atomic_block:
        yield
        return
    postgres = connection.vendor == "postgresql"
    how = "ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgres else "DEFERRED TRANSACTION"
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN {how}")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def everything_of(shop: Shop, now: datetime) -> IO[bytes]:
    """A zip file, from its beginning; whoever gets it closes it. Within the scope of the shop."""
    whole = TemporaryFile()  # noqa: SIM115 (the answer closes it)
    with snapshot(), ZipFile(whole, "w", ZIP_DEFLATED) as into:
        _Packer(into, shop, now).pack()
    whole.seek(0)
    return whole


class _Packer:
    """Puts one file after the other into the zip, and counts their lines."""

    def __init__(self, into: ZipFile, shop: Shop, now: datetime) -> None:
        self.into, self.shop = into, shop
        self.at = now.astimezone(shop.zone)
        self.lines: dict[str, int] = {}

    def pack(self) -> None:
        for each in FILES:
            self._csv(each.name, each.table)
        self._json("programmes.json", PROGRAMMES)
        self._json("settings.json", SETTINGS)
        self._pictures()
        with translation.override(self.shop.language), self._text("README.txt") as text:
            text.write(readme(self.shop, self.at, self.lines))

    def _csv(self, name: str, table: Table) -> None:
        with self._text(name) as text:
            text.write(BYTE_ORDER_MARK)
            write_csv(text, [table.heading])
            write_csv(text, self._counted(name, table.rows(self.shop)))

    def _counted(self, name: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Cell]]:
        self.lines[name] = 0
        for row in rows:
            self.lines[name] += 1
            yield [self._cell(value) for value in row]

    def _json(self, name: str, tables: dict[str, Table]) -> None:
        found = {key: list(self._named(table)) for key, table in tables.items()}
        with self._text(name) as text:
            json.dump(found, text, ensure_ascii=False, indent=1, default=self._plain)
        self.lines[name] = sum(map(len, found.values()))

    def _named(self, table: Table) -> Iterator[dict[str, Any]]:
        for row in table.rows(self.shop):
            yield dict(zip(table.heading, row, strict=True))

    def _pictures(self) -> None:
        self.lines["pictures"] = 0
        for pk, data in PICTURES.rows(self.shop):
            self.lines["pictures"] += 1
            self.into.writestr(self._info(f"pictures/{pk}.webp", ZIP_STORED), bytes(data))

    def _cell(self, value: Any) -> Cell:
        """Moments in shop time and with their distance to UTC, so that an hour that comes twice in
        autumn is two."""
        match value:
            case None:
                return ""
            case bool():
                return "yes" if value else "no"
            case datetime():
                return value.astimezone(self.shop.zone).isoformat()
            case time():
                return value.isoformat("minutes")
            case int() | str() | date():
                return value
        return json.dumps(value, ensure_ascii=False)

    def _plain(self, value: Any) -> Cell:
        """The same, as JSON knows it."""
        cell = self._cell(value)
        return cell.isoformat() if isinstance(cell, date) else cell

    @contextmanager
    def _text(self, name: str) -> Iterator[TextIO]:
        with self.into.open(self._info(name, ZIP_DEFLATED), "w", force_zip64=True) as file:
            text = TextIOWrapper(file, encoding="utf-8", newline="")
            yield text
            text.flush()
            text.detach()

    def _info(self, name: str, packing: int) -> ZipInfo:
        at = self.at
        info = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
        info.compress_type = packing
        return info
