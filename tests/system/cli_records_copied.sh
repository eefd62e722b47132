#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_records_copied.sh - records that were copied into a store by hand, and a
# store without an index.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

there=$tmp/there
here=$tmp/here
keep () { # STORE ID
	"$LINEHOOK" run --run-dir "$1" --run-id "$2" -p raw --format none \
		-- echo words
}
ids () {
	sed 's/.*"run":"\([^"]*\)".*/\1/' "$tmp/out" | tr '\n' ' '
}

keep "$there" elsewhere
keep "$here" first
keep "$here" second
lh runs --run-dir "$here"
is 'a store has its runs' "$(ids)" 'second first '
cp -a "$there/elsewhere" "$here/"
lh gc --all --dry-run --run-dir "$here"
like 'gc would remove a copied record' "$out" \
	'"removed":\["second","first","elsewhere"\],"runs":3,'
lh runs --run-dir "$here"
is 'runs shows it, by the time of its start' "$(ids)" 'second first elsewhere '
rm -r "$here/elsewhere"
cp -a "$there/elsewhere" "$here/"
lh runs --run-dir "$here" --label none
lh show --run-dir "$here" elsew
is 'the beginning of its id is enough' "$status:$(ids)" '0:elsewhere '
lh show --run-dir "$here" latest
is 'it is not the latest one' "$(ids)" 'second '
rm "$here/index"
lh runs --run-dir "$here"
is 'without an index all are listed' "$(ids)" 'second first elsewhere '
rm "$here/index"
keep "$here" third
lh runs --run-dir "$here"
is 'also when a run has begun another one' "$(ids)" \
	'third second first elsewhere '

# The id of a run that was removed here is that of a copied one now.
lh rm --run-dir "$there" elsewhere
keep "$there" first
lh rm --run-dir "$here" first
lh runs --run-dir "$here"
cp -a "$there/first" "$here/"
lh runs --run-dir "$here"
is 'a removed run makes way for a copied one' "$(ids)" \
	'first third second elsewhere '

lh gc --all --run-dir "$here"
like 'gc removes copied records' "$out" '"runs":4,'
lh runs --run-dir "$here"
is 'and there is no run' "$status:$out" 0:
finish
