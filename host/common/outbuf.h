/* SPDX-License-Identifier: MIT */
/*
 * outbuf.h - bytes on their way out, through one fixed buffer.
 *
 * A sink writes pieces of any size; outbuf_flush hands them to WRITE.  A piece
 * as large as the buffer goes to WRITE without being copied.  WRITE cannot
 * fail: what becomes of the bytes is its owner's business.
 */
#ifndef COMMON_OUTBUF_H
#define COMMON_OUTBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OUT_BUFFER 65536

struct outbuf {
	void (*write) (void *user, const char *data, size_t len);
	void *user;
	size_t len;
	char data[OUT_BUFFER];
};

void outbuf_init (struct outbuf *o,
		  void (*write) (void *user, const char *data, size_t len),
		  void *user);
void outbuf_flush (struct outbuf *o);
void outbuf_bytes (struct outbuf *o, const char *data, size_t len);
void outbuf_str (struct outbuf *o, const char *s);
void outbuf_u64 (struct outbuf *o, uint64_t n);
void outbuf_i64 (struct outbuf *o, int64_t n);

/* At least LEAST bytes (not more than OUT_BUFFER) of free room at o->data +
 * o->len; returns how many there are.  The caller adds to o->len. */
size_t outbuf_room (struct outbuf *o, size_t least);

/* As outbuf_bytes, for small pieces. */
static inline void
outbuf_put (struct outbuf *o, const char *data, size_t len)
{
	if (len > OUT_BUFFER - o->len) {
		outbuf_bytes (o, data, len);
		return;
	}
	memcpy (o->data + o->len, data, len);
	o->len += len;
}

#define OUT_LIT(o, literal) outbuf_put ((o), "" literal, sizeof (literal) - 1)

/* A word of a table, copied in one move of constant size. */
struct outbuf_piece {
	char text[28];
	uint32_t len;
};

/* clang-format off */
#define OUT_PIECE(literal) { literal, sizeof (literal) - 1 }
/* clang-format on */

static inline void
outbuf_piece (struct outbuf *o, const struct outbuf_piece *p)
{
	if (sizeof p->text > OUT_BUFFER - o->len)
		outbuf_flush (o);
	memcpy (o->data + o->len, p->text, sizeof p->text);
	o->len += p->len;
}

static inline void
outbuf_byte (struct outbuf *o, char c)
{
	if (o->len == OUT_BUFFER)
		outbuf_flush (o);
	o->data[o->len++] = c;
}

#endif /* COMMON_OUTBUF_H */
