/* SPDX-License-Identifier: MIT */
/*
 * outbuf.h - small pieces of output, collected in one fixed buffer.
 *
 * Pieces of any size are appended; outbuf_flush, or a full buffer, hands them
 * to WRITE.  A piece as large as the buffer goes to WRITE without being copied.
 * WRITE cannot fail: its owner keeps the errors.
 */
#ifndef COMMON_OUTBUF_H
#define COMMON_OUTBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OUTBUF_SIZE 65536

struct outbuf {
	void (*write) (void *user, const char *data, size_t len);
	void *user;
	size_t len;
	char data[OUTBUF_SIZE];
};

/* USER is passed to WRITE and borrowed as long as O is used. */
void outbuf_init (struct outbuf *o,
		  void (*write) (void *user, const char *data, size_t len),
		  void *user);
/* Hand all that is in the buffer to WRITE. */
void outbuf_flush (struct outbuf *o);

/* Append bytes, a string, a number in decimal. */
void outbuf_bytes (struct outbuf *o, const char *data, size_t len);
void outbuf_str (struct outbuf *o, const char *s);
void outbuf_u64 (struct outbuf *o, uint64_t n);
void outbuf_i64 (struct outbuf *o, int64_t n);

/* Make room for at least LEAST bytes (at most OUTBUF_SIZE) at o->data + o->len.
 * Returns how many fit.  The caller writes there and adds to o->len. */
size_t outbuf_room (struct outbuf *o, size_t least);

/* The same as outbuf_bytes, inlined for small pieces. */
static inline void
outbuf_put (struct outbuf *o, const char *data, size_t len)
{
	if (len > OUTBUF_SIZE - o->len) {
		outbuf_bytes (o, data, len);
		return;
	}
	memcpy (o->data + o->len, data, len);
	o->len += len;
}

#define OUTBUF_LIT(o, literal)                                                 \
	outbuf_put ((o), "" literal, sizeof (literal) - 1)

/* A word of a table, copied by a move of constant size. */
struct outbuf_piece {
	char text[28];
	uint32_t len;
};

/* clang-format off */
#define OUTBUF_PIECE(literal) { literal, sizeof (literal) - 1 }
/* clang-format on */

static inline void
outbuf_piece (struct outbuf *o, const struct outbuf_piece *p)
{
	if (sizeof p->text > OUTBUF_SIZE - o->len)
		outbuf_flush (o);
	memcpy (o->data + o->len, p->text, sizeof p->text);
	o->len += p->len;
}

static inline void
outbuf_byte (struct outbuf *o, char c)
{
	if (o->len == OUTBUF_SIZE)
		outbuf_flush (o);
	o->data[o->len++] = c;
}

#endif /* COMMON_OUTBUF_H */
