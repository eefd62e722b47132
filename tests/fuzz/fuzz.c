/* SPDX-License-Identifier: MIT */
/* fuzz.c - what the fuzz targets share. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "lib/prng.h"

#define PADDING 64
#define MAX_COUNTERS 32

static struct {
	const char *name;
	unsigned long long n;
} counters[MAX_COUNTERS];

int fuzz_is_replay;

void
fuzz_fail (const char *what, const char *data, size_t len)
{
	size_t i;

	fprintf (stderr, "wrong: %s\n", what);
	for (i = 0; i < len && i < 4096; i++) {
		if (isprint ((unsigned char) data[i]))
			fputc (data[i], stderr);
		else
			fprintf (stderr, "<%02x>", (unsigned char) data[i]);
	}
	fputc ('\n', stderr);
	abort ();
}

static void
print_counts (void)
{
	size_t i;

	for (i = 0; i < MAX_COUNTERS && counters[i].name != NULL; i++)
		fprintf (stderr, "%12llu %s\n", counters[i].n,
			 counters[i].name);
}

void
fuzz_count (const char *name)
{
	size_t i;

	if (counters[0].name == NULL && getenv ("FUZZ_COUNTS") != NULL)
		atexit (print_counts);
	for (i = 0; i < MAX_COUNTERS - 1 && counters[i].name != NULL; i++) {
		if (strcmp (counters[i].name, name) == 0)
			break;
	}
	counters[i].name = name;
	counters[i].n++;
}

int
fuzz_turn (unsigned int i, unsigned int n, const void *data, size_t size)
{
	const uint64_t hash = fuzz_is_replay ? 0 : hash_more (0, data, size);

	return fuzz_is_replay || (uint32_t) (hash >> 32) % n == i;
}

void
fuzz_read (char byte)
{
	static volatile char seen;

	seen = byte;
	(void) seen;
}

char *
fuzz_line (const char *data, size_t len)
{
	char *line = malloc (len + PADDING);

	if (line == NULL)
		abort ();
	if (len > 0)
		memcpy (line, data, len);
	memset (line + len, '\n', PADDING);
	return line;
}
