/* SPDX-License-Identifier: MIT */
/*
 * replay.c - run a fuzz target over files, without a fuzzer.
 *
 *	replay [-n MUTANTS] [-s SEED] FILE-OR-DIRECTORY...
 *
 * Each file once, then MUTANTS changed copies of it.  The same seed gives the
 * same mutants.
 */
#include "config.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

#define MAX_FILE (1u << 20)
#define MAX_CHANGES 4

static unsigned long mutants;
static uint64_t state = 1;
static unsigned long n_files;

/* xorshift64 */
static uint32_t
draw (uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t) (state >> 32) % below;
}

/* Bytes that mean something to a reader of JSON, and some that are wrong. */
static char
draw_byte (void)
{
	static const char bytes[] =
		"\"\"\\\\{}[]::,,u0189dDaAcCfF+-.eEtn /"
		" \t\r\n\x01\x1f\x7f\x80\xbf\xc0\xc2\xe0\xed\xef\xf0\xf4\xff";

	return draw (8) ? bytes[draw (sizeof (bytes))] : (char) draw (256);
}

/* Change DATA, which has room for one byte more; the new length. */
static size_t
change (char *data, size_t len)
{
	size_t at = len ? draw ((uint32_t) len) : 0;
	size_t from = len ? draw ((uint32_t) len) : 0;
	size_t n = draw (16) + 1;

	if (len == 0) {
		data[0] = draw_byte ();
		return 1;
	}
	switch (draw (6)) {
	case 0:
		memmove (data + at, data + at + 1, len - at - 1);
		return len - 1;
	case 1:
		memmove (data + at + 1, data + at, len - at);
		data[at] = draw_byte ();
		return len + 1;
	case 2:
		data[at] ^= (char) (1 << draw (8));
		return len;
	case 3:
		if (n > len - at)
			n = len - at;
		if (n > len - from)
			n = len - from;
		memmove (data + at, data + from, n);
		return len;
	case 4:
		return draw (8) ? len : at;
	default:
		data[at] = draw_byte ();
		return len;
	}
}

static void
run (const char *data, size_t len)
{
	char *copy = malloc (len + MAX_CHANGES);
	unsigned long i;
	uint32_t changes;
	size_t n;

	if (copy == NULL)
		abort ();
	LLVMFuzzerTestOneInput ((const uint8_t *) data, len);
	for (i = 0; i < mutants; i++) {
		n = len;
		memcpy (copy, data, len);
		for (changes = draw (MAX_CHANGES) + 1; changes; changes--)
			n = change (copy, n);
		LLVMFuzzerTestOneInput ((const uint8_t *) copy, n);
	}
	free (copy);
}

static int
run_file (const char *path)
{
	FILE *f = fopen (path, "rb");
	char *data = malloc (MAX_FILE);
	size_t len;

	if (f == NULL || data == NULL) {
		fprintf (stderr, "replay: cannot read '%s'\n", path);
		return 1;
	}
	len = fread (data, 1, MAX_FILE, f);
	fclose (f);
	n_files++;
	run (data, len);
	free (data);
	return 0;
}

static int
run_path (const char *path)
{
	struct dirent *entry;
	char name[4096];
	struct stat st;
	int bad = 0;
	DIR *dir;

	if (stat (path, &st) == 0 && !S_ISDIR (st.st_mode))
		return run_file (path);
	dir = opendir (path);
	if (dir == NULL) {
		fprintf (stderr, "replay: cannot open '%s'\n", path);
		return 1;
	}
	while ((entry = readdir (dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf (name, sizeof (name), "%s/%s", path, entry->d_name);
		bad |= run_file (name);
	}
	closedir (dir);
	return bad;
}

int
main (int argc, char **argv)
{
	int i, bad = 0;

	fuzz_is_replay = 1;
	for (i = 1; i < argc; i++) {
		if (strcmp (argv[i], "-n") == 0 && i + 1 < argc)
			mutants = strtoul (argv[++i], NULL, 10);
		else if (strcmp (argv[i], "-s") == 0 && i + 1 < argc)
			state = strtoull (argv[++i], NULL, 10) | 1;
		else
			bad |= run_path (argv[i]);
	}
	if (n_files == 0) {
		fputs ("replay: no input\n", stderr);
		return 1;
	}
	printf ("%lu files, %lu mutants of each\n", n_files, mutants);
	return bad;
}
