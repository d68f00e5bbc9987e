# Sourced by tools/test and tools/quickstart: what they need beyond the Swift toolchain.
# Both functions do nothing, quickly, when everything is there already.

need_packages() {  # need_packages NAME…: Debian packages, installed if one is missing
  local missing=() name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] \
      || missing+=("$name")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "Not installed: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
      return 69
    }
    as=(sudo)
  fi
  echo "Installing ${missing[*]} (apt-get)…"
  "${as[@]}" apt-get update -qq </dev/null
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null || {
    echo "Not installed: ${missing[*]}. See what apt-get says above." >&2
    return 69
  }
}

need_venv() {  # need_venv FOLDER REQUIREMENTS: a Python environment with exactly these
  local folder=$1 requirements=$2 wanted
  wanted=$(python3 --version; cat "$requirements")
  [ "$wanted" = "$(cat "$folder/made-of" 2>/dev/null)" ] && return 0
  echo "Making the Python environment $folder…"
  rm -rf "$folder"
  python3 -m venv "$folder" \
    && "$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
      --requirement "$requirements" \
    && printf '%s\n' "$wanted" >"$folder/made-of" || {
    echo "Not made: $folder. See what pip says above." >&2
    return 69
  }
}

need_swift() {  # the toolchain is the one thing we do not install
  command -v swift >/dev/null || {
    echo "No \`swift\` on the PATH: install Swift 6.3 from https://www.swift.org/install" >&2
    return 69
  }
}
