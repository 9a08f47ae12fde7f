#!/bin/sh
# Makes .venv and installs a lock file into it, hashes checked; does nothing when it is there already.
#
#     sh scripts/install.sh python3 requirements.lock
#
# uv does the work. It comes by pip into .venv itself, from requirements-uv.lock, so that nothing else has to be on the machine.
set -eu
python=$1 lock=$2 venv=.venv/bin/python

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
if ! "$venv" -c "$new_enough" 2>/dev/null; then
    echo "Making .venv with $("$python" --version)"
    # Without pip: unpacking pip takes longer than all the rest.
    "$python" -m venv --clear --without-pip .venv || {
        echo ".venv cannot be made with $python: install its venv package (Debian, Ubuntu: apt-get install python3-venv)," \
            "or name another Python: make run PYTHON=/path/to/python3" >&2
        exit 1
    }
fi

# A copy of each lock as last installed with success: contents tell a change, dates do not.
installed() { cmp -s "$1" ".venv/$1"; }
if installed "$lock"; then exit 0; fi

if ! installed requirements-uv.lock || ! "$venv" -m uv --version >/dev/null 2>&1; then
    echo "Fetching uv, the installer"
    if "$python" -m pip --python "$venv" --version >/dev/null 2>&1; then
        set -- "$python" -m pip --python "$venv"
    elif "$venv" -m ensurepip >/dev/null 2>&1; then
        set -- "$venv" -m pip
    else
        echo "$python has no pip: install it (Debian, Ubuntu: apt-get install python3-pip)," \
            "or name another Python: make run PYTHON=/path/to/python3" >&2
        exit 1
    fi
    "$@" install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-uv.lock
    cp requirements-uv.lock .venv/
fi

echo "Installing $lock: $(grep -c '^[a-zA-Z]' "$lock") packages"
# Gone first: an installation broken off half-way must not look finished.
rm -f ".venv/$lock"
# pip's mirror is uv's, where one is named and uv has none of its own.
if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi
"$venv" -m uv pip install --python "$venv" --require-hashes -r "$lock" || {
    echo "$lock cannot be installed: uv says why above; the same command goes on where it was" >&2
    exit 1
}
cp "$lock" .venv/
