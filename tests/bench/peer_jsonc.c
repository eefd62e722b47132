/* SPDX-License-Identifier: MIT */
/*
 * peer_jsonc.c - the same filter with json-c as parser and printer.
 *
 *	peer_jsonc PROVIDER < STREAM
 *	peer_jsonc --version
 *
 * This is `linehook filter --format events' as it would be with json-c.  It has
 * the same reads, the same line splitting, and one write for each read.  One
 * strict tokener that checks UTF-8 parses all lines; it is replaced after an
 * error, because json_tokener_reset keeps half of a surrogate pair for the next
 * line.  Events are json-c objects with constant keys.  It prints the same
 * events, without the header and the final result.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "peer_jsonc.h"

#define BLOCK (256 << 10)
#define DEPTH 128

struct bytes {
	char *data;
	size_t len, cap;
};

static struct bytes carry, output;
static struct json_tokener *tokener;
static struct jsonc_state state;

static void
bytes_add (struct bytes *b, const char *data, size_t len)
{
	if (b->len + len > b->cap) {
		b->cap = 2 * (b->len + len);
		b->data = realloc (b->data, b->cap);
		if (b->data == NULL)
			abort ();
	}
	memcpy (b->data + b->len, data, len);
	b->len += len;
}

static void
flush_output (void)
{
	size_t at = 0;
	ssize_t n;

	while (at < output.len) {
		n = write (STDOUT_FILENO, output.data + at, output.len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			exit (1);
		at += (size_t) n;
	}
	output.len = 0;
}

struct json_object *
jsonc_event (const char *kind, const char *parent)
{
	struct json_object *const ev = json_object_new_object ();

	jsonc_add (ev, "seq", json_object_new_int64 ((int64_t) ++state.seq));
	jsonc_add (ev, "kind", json_object_new_string (kind));
	if (state.turn > 1)
		jsonc_add (ev, "turn", json_object_new_int64 (state.turn));
	if (parent != NULL)
		jsonc_add (ev, "parent", json_object_new_string (parent));
	return ev;
}

void
jsonc_emit (struct json_object *ev)
{
	const char *text;
	size_t len;

	text = json_object_to_json_string_length (
		ev, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
		&len);
	bytes_add (&output, text, len);
	bytes_add (&output, "\n", 1);
	json_object_put (ev);
}

static void
new_tokener (void)
{
	if (tokener != NULL)
		json_tokener_free (tokener);
	tokener = json_tokener_new_ex (DEPTH);
	json_tokener_set_flags (tokener, JSON_TOKENER_STRICT
						 | JSON_TOKENER_VALIDATE_UTF8);
}

static void
take_line (jsonc_line_fn *fn, const char *line, size_t len)
{
	struct json_object *root;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0)
		return;
	root = json_tokener_parse_ex (tokener, line, (int) len);
	if (json_tokener_get_error (tokener) != json_tokener_success
	    || json_tokener_get_parse_end (tokener) != len) {
		new_tokener ();
	} else {
		if (json_object_is_type (root, json_type_object))
			fn (&state, root);
		json_tokener_reset (tokener);
	}
	json_object_put (root);
}

/* Parse whole lines in place, and carry an incomplete last line over. */
static void
take_bytes (jsonc_line_fn *fn, const char *data, size_t len)
{
	const char *const end = data + len;
	const char *nl;

	while ((nl = memchr (data, '\n', (size_t) (end - data))) != NULL) {
		if (carry.len > 0) {
			bytes_add (&carry, data, (size_t) (nl - data));
			take_line (fn, carry.data, carry.len);
			carry.len = 0;
		} else {
			take_line (fn, data, (size_t) (nl - data));
		}
		data = nl + 1;
	}
	bytes_add (&carry, data, (size_t) (end - data));
}

static const struct {
	const char *name;
	jsonc_line_fn *fn;
} providers[] = {
	{ "claude", jsonc_claude },
	{ "codex", jsonc_codex },
	{ "gemini", jsonc_gemini },
};

static jsonc_line_fn *
find_provider (const char *name)
{
	size_t i;

	for (i = 0; i < sizeof providers / sizeof providers[0]; i++) {
		if (strcmp (providers[i].name, name) == 0)
			return providers[i].fn;
	}
	return NULL;
}

int
main (int argc, char **argv)
{
	static char block[BLOCK];
	jsonc_line_fn *fn;
	ssize_t n;

	if (argc == 2 && strcmp (argv[1], "--version") == 0) {
		puts (json_c_version ());
		return 0;
	}
	fn = argc == 2 ? find_provider (argv[1]) : NULL;
	if (fn == NULL) {
		fputs ("usage: peer_jsonc claude|codex|gemini\n", stderr);
		return 2;
	}
	state.seq = 1; /* the header is not printed, but has a number */
	state.turn = 1;
	new_tokener ();
	fcntl (STDIN_FILENO, F_SETPIPE_SZ, BLOCK);
	while ((n = read (STDIN_FILENO, block, BLOCK)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return 1;
		take_bytes (fn, block, (size_t) n);
		flush_output ();
	}
	take_line (fn, carry.data, carry.len);
	flush_output ();
	json_tokener_free (tokener);
	free (carry.data);
	free (output.data);
	return 0;
}
