/* SPDX-License-Identifier: MIT */
/*
 * outbuf.h - bytes on their way out, through one fixed buffer.
 *
 * A sink writes pieces of any size; out_flush hands them to WRITE.  A piece
 * as large as the buffer goes to WRITE without being copied.  WRITE cannot
 * fail: what becomes of the bytes is its owner's business.
 */
#ifndef COMMON_OUTBUF_H
#define COMMON_OUTBUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OUT_BUFFER 65536

struct out {
	void (*write) (void *user, const char *data, size_t len);
	void *user;
	size_t len;
	char data[OUT_BUFFER];
};

void out_init (struct out *o,
	       void (*write) (void *user, const char *data, size_t len),
	       void *user);
void out_flush (struct out *o);
void out_bytes (struct out *o, const char *data, size_t len);
void out_str (struct out *o, const char *s);
void out_u64 (struct out *o, uint64_t n);
void out_i64 (struct out *o, int64_t n);

/* At least LEAST bytes (not more than OUT_BUFFER) of free room at o->data +
 * o->len; returns how many there are.  The caller adds to o->len. */
size_t out_room (struct out *o, size_t least);

/* As out_bytes, for small pieces. */
static inline void
out_put (struct out *o, const char *data, size_t len)
{
	if (len > OUT_BUFFER - o->len) {
		out_bytes (o, data, len);
		return;
	}
	memcpy (o->data + o->len, data, len);
	o->len += len;
}

#define OUT_LIT(o, literal) out_put ((o), "" literal, sizeof (literal) - 1)

/* A word of a table, copied in one move of constant size. */
struct out_piece {
	char text[28];
	uint32_t len;
};

/* clang-format off */
#define OUT_PIECE(literal) { literal, sizeof (literal) - 1 }
/* clang-format on */

static inline void
out_piece (struct out *o, const struct out_piece *p)
{
	if (sizeof p->text > OUT_BUFFER - o->len)
		out_flush (o);
	memcpy (o->data + o->len, p->text, sizeof p->text);
	o->len += p->len;
}

static inline void
out_byte (struct out *o, char c)
{
	if (o->len == OUT_BUFFER)
		out_flush (o);
	o->data[o->len++] = c;
}

#endif /* COMMON_OUTBUF_H */
