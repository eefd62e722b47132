/* SPDX-License-Identifier: MIT */
/*
 * autodetect.h - which plugin does a stream need?
 *
 * It holds the first bytes of a stream until a plugin's probe accepts one of
 * the first AUTO_LINES lines, or none has accepted any of so many lines or of
 * LIMIT bytes.  The answer depends on the bytes alone, not on the size of the
 * reads.
 */
#ifndef CLI_FILTER_AUTODETECT_H
#define CLI_FILTER_AUTODETECT_H

#include <linehook/host.h>

#define AUTO_LINES 16

struct autodetect {
	char *data; /* the bytes that are held */
	size_t len;
	size_t cap;
	size_t limit;
	size_t at;	/* where the next line begins */
	size_t scanned; /* no newline between `at' and here */
	uint32_t n_lines;
};

/* LIMIT: bytes that are held at most (a bit more by the last feed). */
void autodetect_init (struct autodetect *a, size_t limit);

/*
 * Hold LEN more bytes.  LHK_AGAIN: more are needed; LHK_OK: *ret is the
 * plugin, or NULL when none accepts this stream; LHK_ENOMEM: as NULL, and
 * DATA was not taken.
 */
int autodetect_feed (struct autodetect *a, struct lhk_host *host,
		     const char *data, size_t len,
		     const struct lhk_plugin_ref **ret);

/* End of the stream: the rest is a line.  LHK_OK. */
int autodetect_end (struct autodetect *a, struct lhk_host *host,
		    const struct lhk_plugin_ref **ret);

void autodetect_free (struct autodetect *a);

#endif /* CLI_FILTER_AUTODETECT_H */
