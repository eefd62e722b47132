/* SPDX-License-Identifier: MIT */
/*
 * fuzz_recovery.c - the objects of a line that is damaged, or of several lines in
 * one.
 *
 * The input is a line: what is found in it are whole objects, in order, in bounded
 * memory.  Its lines that are objects are then put together as an agent may do
 * it, or damaged, in ways of which it is known what must be found.
 */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "fuzz/fuzz.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/strbuf.h"
#include "json/recover.h"
#include "json/slice.h"

#define OBJECTS_MAX 8

/* What U+FFFD is in UTF-8. */
#define REPLACEMENT "\xef\xbf\xbd"

struct objects {
	struct lhk_str all[OBJECTS_MAX];
	size_t n;
};

/* ---- any line ---- */

/* What is recovered of a line in a copy of at most MAX bytes. */
static void
check_any (const char *line, size_t len, size_t max)
{
	size_t room = recover_room (line, len, max), n;
	char *copy = malloc (room);
	struct lhk_str object;
	struct recover r;
	char *padded;

	if (copy == NULL)
		abort ();
	FUZZ_CHECK (room <= max + LHK_LINE_PADDING, line, len);
	n = recover_begin (&r, line, len, copy, room);
	for (; recover_next (&r, &object); n--) {
		padded = fuzz_line (object.ptr, object.len);
		FUZZ_CHECK (n > 0 && object.len <= max, line, len);
		FUZZ_CHECK (*padded == '{'
				    && json_slice_is_padded_value (padded,
								   object.len),
			    line, len);
		free (padded);
		fuzz_count ("recovered");
	}
	FUZZ_CHECK (n == 0, line, len);
	FUZZ_CHECK (r.rest == NULL || (r.rest >= line && r.rest < line + len),
		    line, len);
	free (copy);
}

/* ---- lines that are known ---- */

/* Exactly the objects of WHAT are found in TEXT, which is freed. */
static void
expect (struct strbuf *text, const struct objects *what, const char *how)
{
	char *line = fuzz_line (strbuf_str (text), text->len);
	size_t room = recover_room (line, text->len, 4 * text->len), i;
	char *copy = malloc (room);
	struct lhk_str object;
	struct recover r;

	if (copy == NULL)
		abort ();
	FUZZ_CHECK (recover_begin (&r, line, text->len, copy, room) == what->n,
		    line, text->len);
	for (i = 0; i < what->n; i++)
		FUZZ_CHECK (recover_next (&r, &object)
				    && object.len == what->all[i].len
				    && memcmp (object.ptr, what->all[i].ptr,
					       object.len)
					       == 0,
			    line, text->len);
	FUZZ_CHECK (!recover_next (&r, &object), line, text->len);
	fuzz_count (how);
	free (copy);
	free (line);
	strbuf_free (text);
}

static struct strbuf
join (const char *before, const struct objects *o, const char *between,
      const char *behind)
{
	struct strbuf text;
	size_t i;

	strbuf_init (&text, &mem_system);
	strbuf_add_str (&text, before);
	for (i = 0; i < o->n; i++) {
		if (i > 0)
			strbuf_add_str (&text, between);
		strbuf_add (&text, o->all[i].ptr, o->all[i].len);
	}
	strbuf_add_str (&text, behind);
	return text;
}

/* The joinings of an input: those of this table, and the array. */
static const struct joining {
	const char *before, *between, *behind, *name;
} joinings[] = {
	{ "", "", "", "lines that were joined" },
	{ " ", "\t \r", "  ", "lines with blanks between them" },
	{ "warning: ", "", "", "lines behind text" },
	{ "", "\x1b[0m", "\x1b[K", "lines between escape sequences" },
};

enum { ARRAY = ARRAY_SIZE (joinings), JOININGS };

static void
check_joined (const struct objects *o, const uint8_t *data, size_t size)
{
	struct strbuf text;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE (joinings); i++) {
		const struct joining *j = &joinings[i];

		if (!fuzz_turn (i, JOININGS, data, size))
			continue;
		text = join (j->before, o, j->between, j->behind);
		expect (&text, o, j->name);
	}
}

static void
check_array (const struct objects *o)
{
	struct strbuf text = join ("[", o, " ,", "]");
	char *line = fuzz_line (text.data, text.len);
	int fits = json_slice_is_padded_value (line, text.len);

	free (line);
	/* Objects that are as deep as can be alone are too deep there. */
	if (fits)
		expect (&text, o, "arrays");
	else
		strbuf_free (&text);
}

/* A control byte in the first string of an object becomes U+FFFD. */
static void
check_damaged (const struct lhk_str *object)
{
	const char *quote = memchr (object->ptr, '"', object->len);
	struct strbuf damaged, mended;
	struct objects what;
	size_t n;

	if (quote == NULL)
		return;
	n = (size_t) (quote - object->ptr) + 1;
	strbuf_init (&damaged, &mem_system);
	strbuf_init (&mended, &mem_system);
	strbuf_add (&damaged, object->ptr, n);
	strbuf_add (&damaged, "\x01", 1);
	strbuf_add (&damaged, object->ptr + n, object->len - n);
	strbuf_add (&mended, object->ptr, n);
	strbuf_add_str (&mended, REPLACEMENT);
	strbuf_add (&mended, object->ptr + n, object->len - n);
	what.n = 1;
	what.all[0].ptr = mended.data;
	what.all[0].len = mended.len;
	expect (&damaged, &what, "lines with a control byte");
	strbuf_free (&mended);
}

/* The lines of the input that are objects with members: text may have empty ones,
 * which are none. */
static void
find_objects (const char *p, size_t len, struct objects *ret)
{
	const char *end = p + len, *stop;
	char *line;
	size_t n;

	for (ret->n = 0; p < end && ret->n < OBJECTS_MAX; p = stop + 1) {
		stop = memchr (p, '\n', (size_t) (end - p));
		if (stop == NULL)
			stop = end;
		n = (size_t) (stop - p);
		line = fuzz_line (p, n);
		if (n > 0 && *p == '{' && p[n - 1] == '}'
		    && memchr (p, '"', n) != NULL
		    && json_slice_is_padded_value (line, n))
			ret->all[ret->n++] = (struct lhk_str){ p, n };
		free (line);
	}
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *p = (const char *) data;
	struct objects found;
	char *line;
	size_t i;

	find_objects (p, size, &found);
	if (found.n > 1)
		check_joined (&found, data, size);
	if (found.n > 0 && fuzz_turn (ARRAY, JOININGS, data, size))
		check_array (&found);
	for (i = 0; i < found.n; i++)
		if (fuzz_turn ((unsigned int) i, OBJECTS_MAX, data, size))
			check_damaged (&found.all[i]);
	line = fuzz_line (p, size);
	for (i = 0; i < size; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	if (fuzz_turn (0, FUZZ_SELDOM, data, size))
		check_any (line, size, size);
	check_any (line, size, 3 * size + 1);
	free (line);
	return 0;
}
