#!/usr/bin/env bash
# Restore the newest copy beside the real database, prove every balance in it, throw it away.
# As the user stamkunde; `systemctl start stamkunde-restore` does it, every Sunday by itself.
# With PostgreSQL, an empty database `stamkunde_try` of the same user must be there (see 8 in
# deploy/one-machine.md) and be named in TRY_DATABASE_URL.
set -euo pipefail
cd "$(dirname "$0")/.."

newest=$(find "${BACKUPS:-/var/lib/stamkunde/backups}" -name 'stamkunde-*.sqlite3' -o -name 'stamkunde-*.dump' | sort | tail -n 1)
[ -n "$newest" ] || { echo "There is no copy to try." >&2; exit 1; }

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export DATABASE_URL=${TRY_DATABASE_URL:-sqlite:///$place/try.sqlite3}
# Sessions of the running site may be kept in the shared cache, which a restore empties.
export CACHE_URL=dbcache://shared_cache
.venv/bin/python manage.py restore --replace "$newest"
echo "$newest can be restored."
