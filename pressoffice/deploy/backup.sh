#!/bin/sh
# Saves the press office into $BACKUPS: the database whole, and every file. Nightly on the primary,
# as postgres; postgresql.primary.conf puts there what was written since, each minute. Take $BACKUPS
# to another place afterwards: what is encrypted there, and who may read it, is not for this script.
# Texts under embargo are in it. Where files are on this machine, postgres must be in their group.
#
# To restore, with PostgreSQL stopped and its directory empty:
#   tar -xzf base/<day>/base.tar.gz -C /var/lib/postgresql/15/main
#   tar -xzf base/<day>/pg_wal.tar.gz -C /var/lib/postgresql/15/main/pg_wal
#   in postgresql.conf: restore_command = 'cp /var/backups/pressoffice/wal/%f %p'
#                       (and recovery_target_time = '…', to stop before a mishap)
#   touch /var/lib/postgresql/15/main/recovery.signal; start it
#   copy files/ to /srv/pressoffice/var/media, or back into the bucket
#   manage.py check_editions     tells whether the record is whole
#   manage.py sweep_blobs        tells which files it names that are not there
set -eu
: "${BACKUPS:=/var/backups/pressoffice}"
: "${FILES=/srv/pressoffice/var/media}" # "": they are elsewhere: a bucket keeps its own versions
: "${DAYS:=14}"
umask 077
mkdir -p "$BACKUPS/base" "$BACKUPS/wal" "$BACKUPS/files"

day=$(date -u +%Y-%m-%dT%H%M%SZ)
pg_basebackup --pgdata="$BACKUPS/base/$day.part" --format=tar --gzip --checkpoint=fast
mv "$BACKUPS/base/$day.part" "$BACKUPS/base/$day"

# After the database, so that every file that it names is there. None ever changes: they are named
# by what is in them.
if [ -n "$FILES" ]; then
    cp -R --no-clobber "$FILES/." "$BACKUPS/files/"
fi

# Of what is older, nothing; and of the log only what the oldest that is left needs.
find "$BACKUPS/base" -mindepth 1 -maxdepth 1 -mtime "+$DAYS" -exec rm -r {} +
find "$BACKUPS/wal" -type f -mtime "+$((DAYS + 1))" -delete
