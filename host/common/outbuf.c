/* SPDX-License-Identifier: MIT */
/* outbuf.c - small pieces of output, collected in one fixed buffer. */
#include "config.h"

#include "common/outbuf.h"

/* The number of digits of UINT64_MAX. */
#define DIGITS 20

void
outbuf_init (struct outbuf *o,
	     void (*write) (void *user, const char *data, size_t len),
	     void *user)
{
	o->write = write;
	o->user = user;
	o->len = 0;
}

void
outbuf_flush (struct outbuf *o)
{
	size_t len = o->len;

	if (len == 0)
		return;
	o->len = 0;
	o->write (o->user, o->data, len);
}

void
outbuf_bytes (struct outbuf *o, const char *data, size_t len)
{
	if (len > OUTBUF_SIZE - o->len)
		outbuf_flush (o);
	if (len >= OUTBUF_SIZE) {
		o->write (o->user, data, len);
		return;
	}
	if (len > 0)
		memcpy (o->data + o->len, data, len);
	o->len += len;
}

void
outbuf_str (struct outbuf *o, const char *s)
{
	outbuf_put (o, s, strlen (s));
}

size_t
outbuf_room (struct outbuf *o, size_t least)
{
	if (OUTBUF_SIZE - o->len < least)
		outbuf_flush (o);
	return OUTBUF_SIZE - o->len;
}

/* "00" to "99", one after the other. */
#define TENS(t) t "0" t "1" t "2" t "3" t "4" t "5" t "6" t "7" t "8" t "9"
static const char pairs[] = TENS ("0") TENS ("1") TENS ("2") TENS ("3")
	TENS ("4") TENS ("5") TENS ("6") TENS ("7") TENS ("8") TENS ("9");

void
outbuf_u64 (struct outbuf *o, uint64_t n)
{
	char digits[DIGITS];
	size_t i = DIGITS;

	for (; n >= 100; n /= 100) {
		i -= 2;
		memcpy (digits + i, pairs + 2 * (n % 100), 2);
	}
	if (n >= 10) {
		i -= 2;
		memcpy (digits + i, pairs + 2 * n, 2);
	} else {
		digits[--i] = (char) ('0' + n);
	}
	outbuf_put (o, digits + i, DIGITS - i);
}

void
outbuf_i64 (struct outbuf *o, int64_t n)
{
	if (n < 0)
		OUTBUF_LIT (o, "-");
	outbuf_u64 (o, n < 0 ? 0 - (uint64_t) n : (uint64_t) n);
}
