/* SPDX-License-Identifier: MIT */
/* terminal_json.c - JSON on a terminal does nothing to it. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/output/terminal_json.h"
#include "common/termsafe.h"
#include "common/utf8.h"

/* The first character whose UTF-8 has four bytes. */
#define ASTRAL 0x10000u

/* Bytes of the character that begins with C; 1 also for what begins none. */
static size_t
length_of (unsigned char c)
{
	if (c >= 0xf0 && c <= 0xf4)
		return 4;
	if (c >= 0xe0 && c < 0xf0)
		return 3;
	return c >= 0xc2 && c < 0xe0 ? 2 : 1;
}

/* How many of the LEN bytes at P, at most N, belong to one character. */
static size_t
count_bytes (const char *p, size_t len, size_t n)
{
	size_t i = 1;

	while (i < len && i < n && ((unsigned char) p[i] & 0xc0) == 0x80)
		i++;
	return i;
}

static void
write_escape (uint32_t c, terminal_json_fn *write, void *user)
{
	char text[16];
	int n;

	if (c < ASTRAL)
		n = snprintf (text, sizeof text, "\\u%04x", (unsigned int) c);
	else
		n = snprintf (text, sizeof text, "\\u%04x\\u%04x",
			      0xd800u + (unsigned int) ((c - ASTRAL) >> 10),
			      0xdc00u + (unsigned int) (c & 0x3ff));
	write (user, text, (size_t) n);
}

/* A whole character, or bytes that are none. */
static int
is_unsafe (const char *p, size_t len, size_t n, uint32_t *ret)
{
	size_t used;

	if (len != n || (n == 1 && p[0] != 0x7f))
		return 0;
	*ret = utf8_decode (p, &used);
	return !termsafe_is_safe (*ret);
}

/* Complete the character that waits.  Returns how many bytes it took. */
static size_t
complete (struct terminal_json *t, const char *data, size_t len,
	  terminal_json_fn *write, void *user)
{
	size_t n = length_of ((unsigned char) t->part[0]), taken = 0;
	uint32_t c;

	while (t->n < n && taken < len
	       && ((unsigned char) data[taken] & 0xc0) == 0x80)
		t->part[t->n++] = data[taken++];
	if (t->n < n && taken == len)
		return taken;
	if (is_unsafe (t->part, t->n, n, &c))
		write_escape (c, write, user);
	else
		write (user, t->part, t->n);
	t->n = 0;
	return taken;
}

void
terminal_json_write (struct terminal_json *t, const char *data, size_t len,
		     terminal_json_fn *write, void *user)
{
	size_t at = 0, from, n, have;
	uint32_t c;

	if (!t->is_on) {
		write (user, data, len);
		return;
	}
	if (t->n > 0)
		at = complete (t, data, len, write, user);
	for (from = at; at < len; at += have) {
		have = 1;
		if ((unsigned char) data[at] < 0x7f)
			continue;
		n = length_of ((unsigned char) data[at]);
		have = count_bytes (data + at, len - at, n);
		if (have < n && at + have == len) {
			t->n = have;
			memcpy (t->part, data + at, have);
			len = at;
		} else if (is_unsafe (data + at, have, n, &c)) {
			if (at > from)
				write (user, data + from, at - from);
			write_escape (c, write, user);
			from = at + have;
		}
	}
	if (len > from)
		write (user, data + from, len - from);
}

void
terminal_json_end (struct terminal_json *t, terminal_json_fn *write, void *user)
{
	if (t->n > 0)
		write (user, t->part, t->n);
	t->n = 0;
}
