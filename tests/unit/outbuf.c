/* SPDX-License-Identifier: MIT */
/* outbuf.c - all bytes come out, once and in order. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"
#include "common/outbuf.h"

static struct outbuf o;
static char got[8 * OUTBUF_SIZE];
static size_t got_len;
static int writes;
static const char *last_ptr;
static size_t last_len;

static void
take (void *user, const char *data, size_t len)
{
	CU_ASSERT_PTR_EQUAL (user, got);
	CU_ASSERT_FATAL (got_len + len <= sizeof got);
	CU_ASSERT (len > 0);
	memcpy (got + got_len, data, len);
	got_len += len;
	last_ptr = data;
	last_len = len;
	writes++;
}

static void
begin (void)
{
	outbuf_init (&o, take, got);
	got_len = 0;
	writes = 0;
}

static void
small_pieces (void)
{
	begin ();
	OUTBUF_LIT (&o, "a");
	outbuf_str (&o, "bc");
	outbuf_byte (&o, 'd');
	outbuf_bytes (&o, "ef", 2);
	outbuf_bytes (&o, NULL, 0);
	TAP_EQ_INT (writes, 0);
	outbuf_flush (&o);
	TAP_EQ_MEM (got, got_len, "abcdef", 6);
	outbuf_flush (&o);
	TAP_EQ_INT (writes, 1);
}

static void
large_pieces (void)
{
	static char big[3 * OUTBUF_SIZE];

	memset (big, 'x', sizeof big);
	begin ();
	OUTBUF_LIT (&o, "head");
	outbuf_bytes (&o, big, sizeof big);
	CU_ASSERT_PTR_EQUAL (last_ptr, big);
	TAP_EQ_INT (last_len, sizeof big);
	TAP_EQ_INT (writes, 2);
	OUTBUF_LIT (&o, "tail");
	outbuf_put (&o, big, OUTBUF_SIZE);
	CU_ASSERT_PTR_EQUAL (last_ptr, big);
	TAP_EQ_INT (writes, 4);
	/* one byte less fits the buffer */
	outbuf_bytes (&o, big, OUTBUF_SIZE - 1);
	TAP_EQ_INT (writes, 4);
	outbuf_byte (&o, 'y');
	TAP_EQ_INT (writes, 4);
	outbuf_byte (&o, 'z');
	TAP_EQ_INT (writes, 5);
	outbuf_flush (&o);
	TAP_EQ_INT (got_len, 4 + sizeof big + 4 + 2 * OUTBUF_SIZE + 1);
	TAP_EQ_MEM (got + sizeof big + 4, 4, "tail", 4);
	TAP_EQ_MEM (got + got_len - 2, 2, "yz", 2);
}

/* Pieces of all sizes around that of the buffer come out in order. */
static void
any_sizes (void)
{
	static char in[sizeof got];
	size_t at = 0, n;

	for (n = 0; n < sizeof in; n++)
		in[n] = (char) (n * 7 + n / 251);
	srand (3);
	begin ();
	while (at < sizeof in) {
		n = (size_t) rand ()
		    % (rand () % 4 == 0 ? 2 * OUTBUF_SIZE : 99);
		if (n > sizeof in - at)
			n = sizeof in - at;
		if (n % 2 == 0) {
			outbuf_put (&o, in + at, n);
		} else {
			n = 1;
			outbuf_byte (&o, in[at]);
		}
		at += n;
	}
	outbuf_flush (&o);
	TAP_EQ_INT (got_len, sizeof in);
	CU_ASSERT (memcmp (got, in, sizeof in) == 0);
}

static void
room (void)
{
	static char big[OUTBUF_SIZE];

	begin ();
	TAP_EQ_INT (outbuf_room (&o, 6), OUTBUF_SIZE);
	outbuf_bytes (&o, big, OUTBUF_SIZE - 6);
	TAP_EQ_INT (outbuf_room (&o, 6), 6);
	TAP_EQ_INT (writes, 0);
	TAP_EQ_INT (outbuf_room (&o, 7), OUTBUF_SIZE);
	TAP_EQ_INT (writes, 1);
}

static void
numbers (void)
{
	begin ();
	outbuf_u64 (&o, 0);
	OUTBUF_LIT (&o, " ");
	outbuf_u64 (&o, UINT64_MAX);
	OUTBUF_LIT (&o, " ");
	outbuf_i64 (&o, INT64_MIN);
	OUTBUF_LIT (&o, " ");
	outbuf_i64 (&o, INT64_MAX);
	OUTBUF_LIT (&o, " ");
	outbuf_i64 (&o, -10);
	outbuf_flush (&o);
	got[got_len] = '\0';
	TAP_EQ_STR (got, "0 18446744073709551615 -9223372036854775808 "
			 "9223372036854775807 -10");
}

static const struct tap_case cases[] = {
	{ "outbuf_keeps_small_pieces_until_it_is_flushed", small_pieces },
	{ "outbuf_hands_large_pieces_on_without_a_copy", large_pieces },
	{ "outbuf_keeps_the_order_of_pieces_of_any_size", any_sizes },
	{ "outbuf_makes_room_by_a_flush", room },
	{ "outbuf_writes_whole_numbers_of_any_size", numbers },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("outbuf", cases);
}
