#!/bin/sh
# install.sh: run as root in the source of the version you want. The first time it installs; after that it upgrades.
# The database is brought up to date before the new version starts (allting-migrate.service).
set -eu
cd "$(dirname "$0")/.."
HOME_OF_CODE=/opt/allting
SETTINGS=/etc/allting/allting.env

id allting >/dev/null 2>&1 || useradd --system --home-dir /var/lib/allting --shell /usr/sbin/nologin allting
if [ ! -e "$SETTINGS" ]; then
  install -d -m 750 -g allting /etc/allting
  install -m 640 -g allting deploy/env.example "$SETTINGS"
  echo "Write your settings in $SETTINGS, then run this again."
  exit 0
fi

[ -x "$HOME_OF_CODE/bin/python" ] || python3 -m venv "$HOME_OF_CODE"
"$HOME_OF_CODE/bin/pip" install --quiet --require-hashes -r requirements.lock
"$HOME_OF_CODE/bin/pip" install --quiet --no-deps --force-reinstall .

install deploy/allting /usr/local/bin/allting
cp -r deploy/systemd/. /etc/systemd/system/
systemctl daemon-reload
systemctl enable --quiet allting.target
systemctl restart allting.target
systemctl --no-pager --lines=0 status 'allting-*.service' || true
