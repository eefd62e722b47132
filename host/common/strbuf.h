/* SPDX-License-Identifier: MIT */
/*
 * strbuf.h - bytes that grow.
 *
 * An error of memory is kept: what is added later is dropped, and
 * strbuf_failed tells.  So a caller looks once, at the end.
 */
#ifndef COMMON_STRBUF_H
#define COMMON_STRBUF_H

#include <linehook/host.h>

struct strbuf {
	const struct lhk_alloc *alloc;
	char *data; /* NUL behind the last byte; NULL: nothing yet */
	size_t len, cap;
	int failed; /* 1: memory ran out */
};

/* ALLOC must outlive the buffer. */
void strbuf_init (struct strbuf *b, const struct lhk_alloc *alloc);
void strbuf_free (struct strbuf *b);

/* No bytes, the memory is kept, no failure. */
void strbuf_clear (struct strbuf *b);

void strbuf_add (struct strbuf *b, const void *data, size_t len);
void strbuf_add_str (struct strbuf *b, const char *s);
void strbuf_addf (struct strbuf *b, const char *fmt, ...) LHK_PRINTF (2, 3);

/* Room for LEN more bytes and a NUL at data + len.  LHK_OK or LHK_ENOMEM. */
int strbuf_reserve (struct strbuf *b, size_t len);

/* LHK_OK, or LHK_ENOMEM: something that was added is not there. */
int strbuf_failed (const struct strbuf *b);

/* What is in it, never NULL; valid until the next change. */
const char *strbuf_str (const struct strbuf *b);

/* The function that a struct outbuf wants, with a struct strbuf as USER. */
void strbuf_write (void *user, const char *data, size_t len);

#endif /* COMMON_STRBUF_H */
