/* SPDX-License-Identifier: MIT */
/* transcript.h - the bytes that a plugin is tested with, in read-only pages. */
#ifndef CLI_CHECK_TRANSCRIPT_H
#define CLI_CHECK_TRANSCRIPT_H

#include <stddef.h>

#include <linehook/base.h>

struct transcript {
	const char *name;
	const char *data;  /* the bytes as they are, and padding */
	const char *lines; /* the same with '\n' for the CR of each CR LF, and
			      at the end */
	size_t len;
	size_t size;	/* mapped, for each of the two */
	size_t *starts; /* offsets of the lines, and the end of the last */
	size_t n_lines;
	size_t starts_cap;
	size_t longest; /* content of the longest line */
};

/* Read PATH, or the built-in samples for NULL.  LHK_OK, or LHK_ENOMEM, LHK_ESYS
 * with a sentence. */
int transcript_load (struct transcript *t, const char *path,
		     struct lhk_error *err);
void transcript_free (struct transcript *t);

/* The whole lines in the first MAX bytes of T, from which it borrows; not to be
 * freed. */
struct transcript transcript_head (const struct transcript *t, size_t max);

/* The content of line I, without its newline and CR; '\n' and padding follow. */
struct lhk_str transcript_line (const struct transcript *t, size_t i);

/* Was there a CR before the newline of line I?  1 or 0. */
int transcript_had_cr (const struct transcript *t, size_t i);

#endif /* CLI_CHECK_TRANSCRIPT_H */
