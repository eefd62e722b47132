/* SPDX-License-Identifier: MIT */
/* cli_terminal_json.c - JSON on a terminal does nothing to it. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/output/terminal_json.h"
#include "lib/tap.h"

static char out[4096];
static size_t n_out;

static void
gather (void *user, const char *data, size_t len)
{
	(void) user;
	if (n_out + len >= sizeof out)
		return;
	memcpy (out + n_out, data, len);
	n_out += len;
	out[n_out] = '\0';
}

/* In pieces of CHUNK bytes. */
static const char *
written (const char *text, size_t chunk, int is_on)
{
	struct terminal_json t = { .is_on = is_on };
	size_t len = strlen (text), n;

	n_out = 0;
	out[0] = '\0';
	for (; len > 0; len -= n, text += n) {
		n = len < chunk ? len : chunk;
		terminal_json_write (&t, text, n, gather, NULL);
	}
	terminal_json_end (&t, gather, NULL);
	return out;
}

static const struct {
	const char *text, *wanted;
} rows[] = {
	{ "{\"a\":\"plain\"}\n", "{\"a\":\"plain\"}\n" },
	{ "\xc2\x9b"
	  "31m \xc2\x80\xc2\x9f|\xc2\xa0",
	  "\\u009b31m \\u0080\\u009f|\xc2\xa0" },
	{ "\x7f", "\\u007f" },
	{ "\xe2\x80\xae"
	  "evil\xe2\x80\xac \xe2\x81\xa6 \xd8\x9c",
	  "\\u202eevil\\u202c \\u2066 \\u061c" },
	{ "\xef\xbb\xbf\xe2\x80\x8b", "\\ufeff\\u200b" },
	{ "\xf3\xa0\x80\x81", "\\udb40\\udc01" },
	{ "\xe6\x97\xa5\xc3\xa9\xf0\x9f\x98\x80", "\xe6\x97\xa5\xc3\xa9"
						  "\xf0\x9f\x98\x80" },
	/* Our own colours, and what is no UTF-8. */
	{ "\x1b[1mbold\x1b[0m", "\x1b[1mbold\x1b[0m" },
	{ "a\x9b\xff\xc2|\xe2\x80|\xc2", "a\x9b\xff\xc2|\xe2\x80|\xc2" },
	{ "\xe2\x80\xc2\x9b", "\xe2\x80\\u009b" },
};

static void
escapes (void)
{
	size_t i, chunk;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (chunk = 1; chunk <= strlen (rows[i].text); chunk++)
			if (!TAP_EQ_STR (written (rows[i].text, chunk, 1),
					 rows[i].wanted))
				tap_note ("pieces of %zu", chunk);
}

static void
switched_off (void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		TAP_EQ_STR (written (rows[i].text, 2, 0), rows[i].text);
}

static const struct tap_case cases[] = {
	{ "what_could_do_something_to_a_terminal_is_escaped_as_in_json",
	  escapes },
	{ "what_is_no_terminal_gets_the_bytes_as_they_are", switched_off },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_terminal_json", cases);
}
