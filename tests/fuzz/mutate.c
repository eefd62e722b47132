/* SPDX-License-Identifier: MIT */
/* mutate.c - recordings that were damaged at random. */
#include "config.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/macros.h"
#include "fuzz/mutate.h"

/* Changes of one mutant. */
#define CHANGES_MAX 6

/* ---- recordings ---- */

static void
set_plugin (struct recording *r, const char *path)
{
	const char *file = strrchr (path, '/');
	const char *folder = file;

	while (folder > path && folder[-1] != '/')
		folder--;
	snprintf (r->plugin, sizeof r->plugin, "%.*s", (int) (file - folder),
		  folder);
	snprintf (r->name, sizeof r->name, "%s", folder);
}

static int
read_recording (struct recording *r, const char *path)
{
	FILE *f = fopen (path, "rb");

	r->data = malloc (MUTANT_MAX / 2);
	if (f == NULL || r->data == NULL) {
		fprintf (stderr, "mutants: cannot read '%s'\n", path);
		exit (1);
	}
	r->len = fread (r->data, 1, MUTANT_MAX / 2, f);
	fclose (f);
	set_plugin (r, path);
	if (r->len == 0)
		free (r->data);
	return r->len > 0;
}

int
recordings_add (struct recordings *r, const char *folder)
{
	char pattern[4096];
	void *list;
	glob_t files;
	size_t i;

	snprintf (pattern, sizeof pattern, "%s/*/*.ndjson", folder);
	if (glob (pattern, 0, NULL, &files) != 0) {
		fprintf (stderr, "mutants: no recordings in '%s'\n", folder);
		return -1;
	}
	list = realloc (r->list, (r->n + files.gl_pathc) * sizeof *r->list);
	if (list == NULL)
		abort ();
	r->list = list;
	for (i = 0; i < files.gl_pathc; i++)
		r->n += (size_t) read_recording (&r->list[r->n],
						 files.gl_pathv[i]);
	globfree (&files);
	return 0;
}

void
recordings_free (struct recordings *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		free (r->list[i].data);
	free (r->list);
}

/* ---- pieces ---- */

static uint32_t
draw (struct mutant *m, size_t below)
{
	return below == 0 ? 0 : prng_below (&m->prng, (uint32_t) below);
}

/* Put LEN bytes in place of REMOVE bytes at AT. */
static void
replace (struct mutant *m, size_t at, size_t remove, const char *data,
	 size_t len)
{
	if (remove > m->len - at)
		remove = m->len - at;
	if (len > MUTANT_MAX - (m->len - remove))
		return;
	memmove (m->data + at + len, m->data + at + remove,
		 m->len - at - remove);
	if (len > 0)
		memcpy (m->data + at, data, len);
	m->len += len - remove;
}

static void
insert (struct mutant *m, size_t at, const char *text)
{
	replace (m, at, 0, text, strlen (text));
}

struct span {
	size_t at, len;
};

/* The line around byte AT, with its newline. */
static struct span
line_at (const char *data, size_t len, size_t at)
{
	struct span s = { at, 0 };
	const char *end;

	while (s.at > 0 && data[s.at - 1] != '\n')
		s.at--;
	end = memchr (data + at, '\n', len - at);
	s.len = (end == NULL ? len : (size_t) (end - data) + 1) - s.at;
	return s;
}

static struct span
draw_line (struct mutant *m)
{
	return line_at (m->data, m->len, draw (m, m->len));
}

/* A line of any recording. */
static const char *
draw_foreign (struct mutant *m, size_t *ret_len)
{
	const struct recording *r =
		&m->recordings->list[draw (m, m->recordings->n)];
	struct span s = line_at (r->data, r->len, draw (m, r->len));

	*ret_len = s.len;
	return r->data + s.at;
}

/* ---- changes of bytes ---- */

static const char *const odd_bytes[] = {
	"\033[0m",
	"\033]0;title\007",
	"\033[2J\033[H",
	"\x9b",
	"\xff",
	"\xc0\x80",
	"\xed\xa0\x80",
	"\xf4\x90\x80\x80",
	"\xe2\x80\xa8",
	"\xe2\x80\xa9",
	"\xc2\x85",
	"\xef\xbb\xbf",
	"\xe2\x80\xae",
	"\r",
	"\r\n",
	"\n",
	"\n\n",
	"\001",
	"\177",
	"\"",
	"\\",
	"\\u",
	"\\ud83d",
	"\\ude00",
	"\\u0000",
	"\\u2028",
	"{",
	"}",
	"[",
	"]",
	",",
	":",
	"{\"",
	"}}",
	"null",
	"data: ",
};

static void
flip_bit (struct mutant *m)
{
	size_t at = draw (m, m->len);

	m->data[at] = (char) (m->data[at] ^ (1 << draw (m, 8)));
}

static void
put_odd_bytes (struct mutant *m)
{
	insert (m, draw (m, m->len),
		odd_bytes[draw (m, ARRAY_SIZE (odd_bytes))]);
}

static void
put_nul (struct mutant *m)
{
	replace (m, draw (m, m->len), 1, "", 1);
}

static void
delete_bytes (struct mutant *m)
{
	replace (m, draw (m, m->len), 1 + draw (m, 16), "", 0);
}

static void
double_bytes (struct mutant *m)
{
	char copy[64];
	size_t at = draw (m, m->len), n = 1 + draw (m, sizeof copy);

	if (n > m->len - at)
		n = m->len - at;
	memcpy (copy, m->data + at, n);
	replace (m, at, 0, copy, n);
}

static void
cut_end (struct mutant *m)
{
	if (draw (m, 4) == 0)
		m->len = 1 + draw (m, m->len);
}

/* ---- changes of lines ---- */

static void
delete_line (struct mutant *m)
{
	struct span s = draw_line (m);

	if (s.len < m->len)
		replace (m, s.at, s.len, "", 0);
}

static void
copy_line (struct mutant *m)
{
	struct span from = draw_line (m), to = draw_line (m);
	char *copy = malloc (from.len);

	if (copy == NULL)
		abort ();
	memcpy (copy, m->data + from.at, from.len);
	replace (m, to.at, draw (m, 2) ? to.len : 0, copy, from.len);
	free (copy);
}

static void
put_foreign_line (struct mutant *m)
{
	struct span to = draw_line (m);
	size_t len;
	const char *line = draw_foreign (m, &len);

	replace (m, to.at, draw (m, 2) ? to.len : 0, line, len);
}

/* The head of a line and the tail of another one. */
static void
splice_lines (struct mutant *m)
{
	struct span to = draw_line (m);
	size_t len, keep = draw (m, to.len), from;
	const char *line = draw_foreign (m, &len);

	from = draw (m, len);
	replace (m, to.at + keep, to.len - keep, line + from, len - from);
}

static void
cut_line (struct mutant *m)
{
	struct span s = draw_line (m);
	size_t keep = draw (m, s.len);

	replace (m, s.at + keep, s.len - keep, "\n", draw (m, 8) != 0);
}

static void
join_lines (struct mutant *m)
{
	struct span s = draw_line (m);

	replace (m, s.at + s.len - 1, 1, " ", draw (m, 2));
}

static void
put_before_line (struct mutant *m)
{
	static const char *const words[] = {
		"log: ",    "2026-11-30 INFO ",
		"\033[32m", "{\"a\":1}",
		"[",	    "x{",
		"data: ",   "\t ",
		"{}",	    "{}{}",
		"[[[[",	    "]",
	};

	insert (m, draw_line (m).at, words[draw (m, ARRAY_SIZE (words))]);
}

static void
make_array (struct mutant *m)
{
	struct span first = draw_line (m);
	size_t end = first.at + first.len - 1;

	insert (m, end, "]");
	insert (m, first.at, "[");
}

/* ---- changes of values ---- */

static const char *const values[] = {
	"null",
	"true",
	"false",
	"0",
	"-0",
	"-1",
	"1",
	"1e999",
	"-1e-999",
	"0.1",
	"9223372036854775807",
	"9223372036854775808",
	"-9223372036854775808",
	"18446744073709551616",
	"123456789012345678901234567890",
	"1.5e3",
	"\"\"",
	"\"a\"",
	"\"null\"",
	"\"\\u0000\"",
	"\"\\ud800\"",
	"\"\\udc00\\ud83d\"",
	"\"\\ud83d\\ude00\"",
	"\"\xe2\x80\xa8\"",
	"\"..\"",
	"{}",
	"[]",
	"[[]]",
	"{\"text\":null}",
	"[{}]",
	"[\"a\",1,null]",
	"{\"a\":{\"b\":{}}}",
	"{\"type\":\"result\"}",
	"[{\"type\":\"text\",\"text\":\"a\"}]",
};

/* The end of the JSON value at AT, which need not be whole. */
static size_t
value_end (const struct mutant *m, size_t at)
{
	size_t depth = 0;
	int quoted = 0;

	for (; at < m->len && m->data[at] != '\n'; at++) {
		char c = m->data[at];

		if (c == '\\' && quoted && at + 1 < m->len)
			at++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']' || c == ',') && depth == 0)
			break;
		else if (c == '}' || c == ']')
			depth--;
	}
	return at;
}

/* The value behind a colon at or after byte AT; a length of 0: none. */
static struct span
draw_value (struct mutant *m)
{
	size_t at = draw (m, m->len);
	const char *colon = memchr (m->data + at, ':', m->len - at);
	struct span s = { 0, 0 };

	if (colon == NULL)
		return s;
	s.at = (size_t) (colon - m->data) + 1;
	s.len = value_end (m, s.at) - s.at;
	return s;
}

static void
put_value (struct mutant *m)
{
	struct span s = draw_value (m);
	const char *value = values[draw (m, ARRAY_SIZE (values))];

	if (s.len > 0)
		replace (m, s.at, s.len, value, strlen (value));
}

/* A value of the mutant in place of another one. */
static void
move_value (struct mutant *m)
{
	struct span from = draw_value (m), to = draw_value (m);
	char *copy = malloc (from.len + 1);

	if (copy == NULL)
		abort ();
	memcpy (copy, m->data + from.at, from.len);
	if (to.len > 0)
		replace (m, to.at, to.len, copy, from.len);
	free (copy);
}

static void
put_long_value (struct mutant *m)
{
	static const char *const units[] = { "a", "[", "\\u0001", "\xff" };
	const char *unit = units[draw (m, ARRAY_SIZE (units))];
	size_t n = 1u << draw (m, 15), len = strlen (unit), i;
	struct span s = draw_value (m);
	char *text = malloc (n * len + 2);

	if (text == NULL)
		abort ();
	for (i = 0; i < n; i++)
		memcpy (text + 1 + i * len, unit, len);
	text[0] = text[n * len + 1] = '"';
	if (s.len > 0)
		replace (m, s.at, s.len, text, n * len + 2);
	free (text);
}

/* The member is there twice. */
static void
double_member (struct mutant *m)
{
	struct span s = draw_value (m);
	size_t key = s.at;
	char copy[512];
	size_t n;

	while (key > 0 && s.at - key < 64 && m->data[key - 1] != ','
	       && m->data[key - 1] != '{')
		key--;
	n = s.at + s.len - key;
	if (s.len == 0 || n >= sizeof copy)
		return;
	memcpy (copy, m->data + key, n);
	copy[n] = ',';
	replace (m, key, 0, copy, n + 1);
}

static void
delete_member (struct mutant *m)
{
	struct span s = draw_value (m);

	if (s.len > 0)
		replace (m, s.at - 1, s.len + 1, "", 0);
}

static void (*const changes[]) (struct mutant *m) = {
	flip_bit,	  put_odd_bytes, put_odd_bytes,	 put_nul,
	delete_bytes,	  double_bytes,	 cut_end,	 delete_line,
	copy_line,	  copy_line,	 splice_lines,	 put_foreign_line,
	put_foreign_line, cut_line,	 join_lines,	 put_before_line,
	make_array,	  put_value,	 put_value,	 put_value,
	move_value,	  move_value,	 put_long_value, double_member,
	delete_member,
};

void
mutate (struct mutant *m, const struct recording *from)
{
	uint32_t n;

	memcpy (m->data, from->data, from->len);
	m->len = from->len;
	for (n = draw (m, CHANGES_MAX) + 1; n > 0; n--) {
		if (m->len == 0)
			insert (m, 0, "\n");
		changes[draw (m, ARRAY_SIZE (changes))](m);
	}
}
