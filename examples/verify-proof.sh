#!/bin/sh
# Checks that one record is in a log, with openssl and coreutils alone: no Afterbell, no Python, no network.
#
#     sh verify-proof.sh RECORD PROOF KEY
#
# RECORD  a file with the record's line, as it stands in the log (its newline does not count)
# PROOF   the record's .tlog-proof (afterbell export --proof)
# KEY     the log's public key, NAME+8 hex digits+base64, or a file that holds it; it comes from somewhere you trust
#
# Formats: C2SP signed-note, tlog-checkpoint and tlog-proof; the path is that of RFC 9162 section 2.1.3.2.
# Ends with 0 when the record is in the tree of a checkpoint that this key signed, with 1 when not, with 2 when it cannot
# be judged. Needs openssl 3.0 or later.
set -u
LC_ALL=C
export LC_ALL

say() { printf '%s\n' "$*"; }
refuse() { say "NOT PROVEN: $*"; exit 1; }
give_up() { say "cannot judge: $*" >&2; exit 2; }

[ $# -eq 3 ] || give_up "usage: sh verify-proof.sh RECORD PROOF KEY"
record=$1 proof=$2 key=$3
for each in "$record" "$proof"; do [ -r "$each" ] || give_up "no file $each"; done
for each in openssl base64 od sed head tail cut tr wc mktemp; do
  command -v "$each" >/dev/null 2>&1 || give_up "$each is not installed"
done
if [ -r "$key" ]; then key=$(head -n 1 "$key"); fi

work=$(mktemp -d) || give_up "no temporary directory"
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

hex() { od -An -v -tx1 | tr -d ' \n'; }
bytes() { # hex digits -> bytes
  rest=$1 octal=
  while [ -n "$rest" ]; do
    more=${rest#??}
    byte=$((0x${rest%"$more"}))
    octal="$octal\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
    rest=$more
  done
  printf '%b' "$(printf '%s' "$octal" | sed 's/\\/\\0/g')"
}
sha256() { openssl dgst -sha256 -binary; }
decode() { # strict base64 -> hex digits; nothing when the text is not exactly what its bytes are written as
  decoded=$(printf '%s' "$1" | base64 -d 2>/dev/null | hex)
  if [ "$(bytes "$decoded" | base64 | tr -d '\n')" = "$1" ]; then printf '%s' "$decoded"; fi
}
plain_number() { # a decimal without sign or leading zero, small enough for the shell
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ ${#1} -le 18 ]
}

# ---- the key: NAME+ID+base64(0x01 || 32 bytes); the id binds name and key ------------------------------------------

name=${key%%+*}
rest=${key#*+}
id=${rest%%+*}
blob=$(decode "${rest#*+}")
case $blob in 01*) ;; *) give_up "the key is not an Ed25519 key of the form NAME+ID+BASE64" ;; esac
[ ${#blob} -eq 66 ] || give_up "the key is not 32 bytes long"
made=$({ printf '%s\n' "$name"; bytes "$blob"; } | sha256 | hex | cut -c 1-8)
[ "$made" = "$id" ] || give_up "the key does not fit its id $id"

# ---- the proof: magic, index, hashes, an empty line, the checkpoint -------------------------------------------------

[ "$(tr -d '\000' <"$proof" | wc -c)" -eq "$(wc -c <"$proof")" ] || refuse "the proof holds NUL bytes"
[ "$(head -n 1 "$proof")" = "c2sp.org/tlog-proof@v1" ] || refuse "the file is not a tlog-proof of version 1"
gap=$(sed -n '/^$/{=;q;}' "$proof")
[ -n "$gap" ] || refuse "the proof holds no checkpoint"
sed -n "2,$((gap - 1))p" "$proof" | sed '1{/^extra /d;}' >"$work/path"
index=$(sed -n '1s/^index //p' "$work/path")
plain_number "$index" || refuse "the proof names no index"
tail -n "+$((gap + 1))" "$proof" >"$work/checkpoint"

# ---- the checkpoint: origin, size, root, an empty line, signatures --------------------------------------------------

[ "$(tail -c 1 "$work/checkpoint" | hex)" = 0a ] || refuse "the checkpoint is cut"
gap=$(sed -n '/^$/=' "$work/checkpoint" | tail -n 1)
[ -n "$gap" ] || refuse "the checkpoint carries no signature"
head -n "$((gap - 1))" "$work/checkpoint" >"$work/text"
tail -n "+$((gap + 1))" "$work/checkpoint" >"$work/signatures"
size=$(sed -n 2p "$work/text")
root=$(decode "$(sed -n 3p "$work/text")")
plain_number "$size" || refuse "the checkpoint names no size"
[ ${#root} -eq 64 ] || refuse "the checkpoint's root is not 32 bytes"

# ---- the signature: a line "- NAME base64(id || 64 bytes)" with an em dash, over the text ---------------------------

signed=
while IFS= read -r line; do
  case $line in "$(printf '\342\200\224') $name "*) ;; *) continue ;; esac
  signature=$(decode "${line##* }")
  case $signature in "$id"*) ;; *) continue ;; esac
  [ ${#signature} -eq 136 ] || refuse "the signature is not 64 bytes"
  bytes "302a300506032b6570032100${blob#01}" >"$work/key.der" # RFC 8410: an Ed25519 public key
  bytes "${signature#"$id"}" >"$work/signature"
  openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$work/key.der" \
    -in "$work/text" -sigfile "$work/signature" >/dev/null 2>&1 || refuse "the signature of $name does not hold"
  signed=yes
done <"$work/signatures"
[ -n "$signed" ] || refuse "$name did not sign this checkpoint"

# ---- the record: its leaf hash, and the way up from it to the root --------------------------------------------------

[ "$(wc -l <"$record")" -le 1 ] || refuse "the record's file holds more than one line"
length=$(wc -c <"$record")
if [ "$(tail -c 1 "$record" | hex)" = 0a ]; then length=$((length - 1)); fi
node=$({ printf '\000'; head -c "$length" "$record"; } | sha256 | hex)
leaf=$node

[ "$index" -lt "$size" ] || refuse "index $index is not in a tree of $size"
at=$index last=$((size - 1))
sed 1d "$work/path" >"$work/hashes"
while IFS= read -r word; do
  sibling=$(decode "$word")
  [ ${#sibling} -eq 64 ] || refuse "a hash of the path is not 32 bytes"
  [ "$last" -ne 0 ] || refuse "the path is too long"
  if [ $((at % 2)) -eq 1 ] || [ "$at" -eq "$last" ]; then
    node=$(bytes "01$sibling$node" | sha256 | hex)
    while [ "$at" -ne 0 ] && [ $((at % 2)) -eq 0 ]; do at=$((at / 2)) last=$((last / 2)); done
  else
    node=$(bytes "01$node$sibling" | sha256 | hex)
  fi
  at=$((at / 2)) last=$((last / 2))
done <"$work/hashes"
[ "$last" -eq 0 ] || refuse "the path is too short"
[ "$node" = "$root" ] || refuse "the record's hash does not lead to the signed root"

say "PROVEN: the record is entry $index of the $size that $name signed for"
say "leaf $leaf"
say "root $root"
