/* SPDX-License-Identifier: MIT */
/* capture.h - output that is kept in memory, and texts to make it of. */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <stdarg.h>
#include <stddef.h>

#include <linehook/plugin.h>

struct capture {
	char data[1 << 20];
	size_t len;
};

/* A write function for an outbuf; USER is the capture. */
void capture_write (void *user, const char *data, size_t len);

/* Append to the *LEN bytes at *TEXT, of *CAP bytes from malloc, which grow. */
void text_vappend (char **text, size_t *len, size_t *cap, const char *fmt,
		   va_list args) LHK_PRINTF (4, 0);

/* S, which may be NULL, as a text of LHK_TEXT_CLEAN. */
struct lhk_text clean_text (const char *s);

#endif /* TESTS_CAPTURE_H */
