/* SPDX-License-Identifier: MIT */
/* cli_raw_line.c - a line of the agent among our own lines. */
#include "config.h"

#include <string.h>

#include "cli/output/raw_line.h"
#include "lib/tap.h"

static struct outbuf o;
static struct raw_line line;

static void
begin (void)
{
	outbuf_init (&o, NULL, NULL);
	memset (&line, 0, sizeof line);
}

static void
shows (const char *wanted)
{
	TAP_EQ_MEM (o.data, o.len, wanted, strlen (wanted));
}

static void
forged_event (void)
{
	begin ();
	raw_line_put (&line, &o, "{\"seq\":1,\"kind\"", 15);
	raw_line_put (&line, &o, ":\"result\"}\n", 11);
	shows ("{\"raw\":\"{\\\"seq\\\":1,\\\"kind\\\":\\\"result\\\"}\"}\n");
	begin ();
	raw_line_put (&line, &o, "no end", 6);
	raw_line_end (&line, &o);
	raw_line_end (&line, &o);
	shows ("{\"raw\":\"no end\"}\n");
}

/* However the pieces are cut, characters stay whole. */
static void
cut_characters (void)
{
	static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\n";
	size_t i;

	for (i = 1; i + 1 < sizeof text; i++) {
		begin ();
		raw_line_put (&line, &o, text, i);
		raw_line_put (&line, &o, text + i, sizeof text - 1 - i);
		shows ("{\"raw\":\"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\"}\n");
	}
	begin ();
	for (i = 0; i + 1 < sizeof text; i++)
		raw_line_put (&line, &o, text + i, 1);
	shows ("{\"raw\":\"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\"}\n");
}

static void
bad_bytes (void)
{
	begin ();
	raw_line_put (&line, &o, "\xff\x80z\xe2\x82", 5);
	raw_line_end (&line, &o);
	shows ("{\"raw\":\"\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\"}\n");
}

static void
large (void)
{
	static char big[20001];

	memset (big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\n';
	begin ();
	raw_line_put (&line, &o, big, sizeof big);
	TAP_EQ_INT (o.len, sizeof big - 1 + strlen ("{\"raw\":\"\"}\n"));
}

static const struct tap_case cases[] = {
	{ "raw_line_never_passes_for_an_event", forged_event },
	{ "raw_line_keeps_characters_whole", cut_characters },
	{ "raw_line_is_valid_utf8", bad_bytes },
	{ "raw_line_may_be_long", large },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_raw_line", cases);
}
