/* SPDX-License-Identifier: MIT */
/*
 * fuzz_event_reader.c - lines of a record that anybody may have written.
 *
 * What is read of a line as an event, or as a final result, is written as JSON;
 * that must be read again, and give the same bytes when it is written once more.
 */
#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "common/mem.h"
#include "common/outbuf.h"
#include "format/event_json.h"
#include "format/event_reader.h"

static struct event_reader reader;

/* Read and write a line; 0: it is no event. */
static int
rewrite (const char *line, size_t len, struct strbuf *ret)
{
	static struct outbuf out;
	const struct lhk_event *event;
	struct lhk_meta meta;

	if (event_reader_read (&reader, line, len, &meta, &event) != LHK_OK)
		return 0;
	strbuf_init (ret, &mem_system);
	outbuf_init (&out, strbuf_write, ret);
	format_json_event (&out, &meta, event, FORMAT_JSON_SOURCE);
	outbuf_flush (&out);
	return 1;
}

static void
check_line (const char *data, size_t len)
{
	char *line = fuzz_line (data, len), *again;
	const struct lhk_result *result;
	struct strbuf first, second;

	if (rewrite (line, len, &first)) {
		again = fuzz_line (first.data, first.len - 1);
		FUZZ_CHECK (first.data[first.len - 1] == '\n'
				    && memchr (first.data, '\n', first.len - 1)
					       == NULL,
			    line, len);
		FUZZ_CHECK (rewrite (again, first.len - 1, &second), line, len);
		FUZZ_CHECK (
			first.len == second.len
				&& memcmp (first.data, second.data, first.len)
					   == 0,
			again, first.len - 1);
		strbuf_free (&first);
		strbuf_free (&second);
		free (again);
		fuzz_count ("events");
	}
	if (event_reader_result (&reader, line, len, &result) == LHK_OK)
		fuzz_count ("results");
	free (line);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *p = (const char *) data, *end = p + size, *stop;

	event_reader_init (&reader, &mem_system);
	for (; p < end; p = stop + 1) {
		stop = memchr (p, '\n', (size_t) (end - p));
		if (stop == NULL)
			stop = end;
		check_line (p, (size_t) (stop - p));
	}
	event_reader_free (&reader);
	return 0;
}
