#!/usr/bin/env bash
# Make what is checked out run, the first time and every time after. As root, in one command:
#     cd /srv/stamkunde && git pull --ff-only && bash deploy/update.sh
# Code belongs to root, data to the user stamkunde; so root never opens the database, whose files
# would then be root's.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022 # the site must be able to read its code

as_site() { (umask 077 && runuser -u stamkunde -- .venv/bin/python manage.py "$@"); }
as_root() { .venv/bin/python manage.py "$@"; }

[ -x .venv/bin/python ] || /usr/bin/python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
.venv/bin/python -m compileall -q loyalty members rewards stampcards
as_root compile_languages
as_root collectstatic --noinput -v0

# What can be known to be wrong is said before anything is stopped.
as_site check --deploy --fail-level WARNING

if systemctl is-active --quiet stamkunde-web; then
    as_site backup --to /var/lib/stamkunde/backups
fi
systemctl stop stamkunde-web stamkunde-worker
as_site migrate -v0
as_site createcachetable
as_site check --database default
systemctl start stamkunde-web stamkunde-worker
echo "Stamkunde runs."
