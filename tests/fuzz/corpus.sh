# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# corpus.sh - what the inputs of a fuzz target are; read by other scripts.
srcdir=${srcdir:-.}

# inputs_of TARGET: the folder with the inputs of fuzz/fuzz_NAME.
inputs_of () {
	name=${1#fuzz/fuzz_}
	inputs=$srcdir/fuzz/corpus/$name
	[ -d "$inputs" ] || inputs=$srcdir/transcripts/$name
}

# length_of TARGET: the bytes that new inputs have at most.  Most faults need few,
# and short inputs are many a second.  It is for the scripts that read this one.
# shellcheck disable=SC2034
length_of () {
	case ${1#fuzz/fuzz_} in
	description | event_record | frame | isolate | serve) length=2048 ;;
	json | monitor | record | record_files | recovery | tool) length=512 ;;
	*) length=1024 ;;
	esac
}

# words_of FOLDER: a dictionary, of what JSON has and of the short strings that the
# files in FOLDER have most often: names of members and types.
words_of () {
	printf '"%s"\n' '{\"' '\":' '\"}' '\",\"' '\":{\"' '\":\"' '\":[{\"' \
		'}}' '}]' '\\u' '\\ud83d' '\xef\xbf\xbd' true false null 1e9
	cat "$1"/* | LC_ALL=C tr -c '[:print:]' '\n' |
		LC_ALL=C grep -o '"[A-Za-z][A-Za-z0-9_./-]\{0,31\}"' | sort |
		uniq -c | sort -rn | sed -n '1,200s/.*"\(.*\)"$/"\\"\1\\""/p'
}

# lines_of FOLDER TO: each line of the files in FOLDER that is not too long becomes
# an input in the new folder TO, behind the two bytes of options that the target of
# a plugin has: of a transcript cut off at that length, most kinds would be lost.
lines_of () {
	mkdir -p "$2"
	cat "$1"/*.ndjson | LC_ALL=C sort -u |
		LC_ALL=C awk -v to="$2" 'length ($0) < 1020 {
			file = to "/" ++n
			printf "\377\002%s\n", $0 > file
			close (file)
		}'
}
