/* SPDX-License-Identifier: MIT */
/* brief.h - values of a list of runs in as few columns as they can have. */
#ifndef CLI_RECORDS_BRIEF_H
#define CLI_RECORDS_BRIEF_H

#include <stdint.h>

#include <linehook/base.h>

/* Room for any of these, with its NUL. */
#define BRIEF_SIZE 32

/* How long it took: "450ms", "4.2s", "42s", "2m13s", "1h05m", "2d03h". */
void brief_duration (int64_t ms, char text[BRIEF_SIZE]);

/* "950", "4.5k", "12k", "3.4M". */
void brief_count (int64_t n, char text[BRIEF_SIZE]);

/* "$0.12"; "<$0.01". */
void brief_cost (int64_t nano_usd, char text[BRIEF_SIZE]);

/* When it was, in local time: "14:03" today, "Nov 29" this year, else
 * "2025-11". */
void brief_time (int64_t unix_ms, int64_t now_ms, char text[BRIEF_SIZE]);

/* An id that linehook has made is shown by its first BRIEF_ID characters, which
 * are enough to name the run; any other as it is. */
#define BRIEF_ID 12
void brief_id (const char *id, char *text, size_t size);

/* The directory PATH in at most MAX characters: ~ for HOME (or NULL), and its
 * end if it is longer. */
void brief_path (const char *path, const char *home, size_t max, char *text,
		 size_t size);

/* TEXT in plain UTF-8 as one line, with one blank for all white space, as far as
 * it fits into SIZE bytes. */
void brief_line (const struct lhk_text *from, char *text, size_t size);

#endif /* CLI_RECORDS_BRIEF_H */
