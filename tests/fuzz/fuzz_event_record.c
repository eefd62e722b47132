/* SPDX-License-Identifier: MIT */
/*
 * fuzz_event_record.c - records of events that another process has written.
 *
 * The input is a byte, the length of the line, then the line, then records.
 * What is read of them and has passed the validator must be printed as JSON, and
 * be the same when it was written and read again.
 */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "fuzz/fuzz.h"
#include "common/mem.h"
#include "common/outbuf.h"
#include "event/event_record.h"
#include "event/validate.h"
#include "format/event_json.h"

struct input {
	const char *data;
	size_t size;
	const char *line;
	size_t line_len;
};

/* EVENT as a line of JSON. */
static void
print (struct strbuf *text, const union event_union *event)
{
	static const struct lhk_meta meta = {
		.size = sizeof meta, .seq = 1, .turn = 1, .time_ms = -1
	};
	static struct outbuf out;

	strbuf_init (text, &mem_system);
	outbuf_init (&out, strbuf_write, text);
	format_json_event (&out, &meta, &event->ev, 0);
	outbuf_flush (&out);
}

static void
check_json (const struct input *in, const struct strbuf *text)
{
	static const struct lhk_fields none = { NULL, 0, 0 };
	char ignored;
	char *line = fuzz_line (text->data, text->len - 1);

	FUZZ_CHECK (lhk_json_line (line, text->len - 1, &none, &ignored)
			    == LHK_OK,
		    in->data, in->size);
	free (line);
}

/* A valid event written, read and validated once more is the same. */
static void
check_again (const struct input *in, const union event_union *event)
{
	struct strbuf record, first, second;
	const struct lhk_event *read;
	union event_union copy;
	struct validator v;
	size_t len;

	strbuf_init (&record, &mem_system);
	event_record_write (&record, event, in->line, in->line_len);
	print (&first, event);
	check_json (in, &first);
	validator_init (&v, &mem_system);
	validator_begin (&v, in->line, in->line_len);
	read = event_record_read (record.data, record.len, in->line,
				  in->line_len, &len);
	FUZZ_CHECK (read != NULL && len == record.len, in->data, in->size);
	FUZZ_CHECK (event_validate (&v, read, &copy) == LHK_OK && v.faults == 0,
		    in->data, in->size);
	print (&second, &copy);
	FUZZ_CHECK (first.len == second.len
			    && memcmp (first.data, second.data, first.len) == 0,
		    in->data, in->size);
	validator_done (&v);
	strbuf_free (&record);
	strbuf_free (&first);
	strbuf_free (&second);
}

/* All records of LEN bytes at P. */
static void
check_records (const struct input *in, char *p, size_t len)
{
	const struct lhk_event *event;
	union event_union copy;
	struct validator v;
	size_t n;

	validator_init (&v, &mem_system);
	validator_begin (&v, in->line, in->line_len);
	while ((event = event_record_read (p, len, in->line, in->line_len, &n))
	       != NULL) {
		FUZZ_CHECK (n > 0 && n <= len
				    && n % EVENT_RECORD_ALIGNMENT == 0,
			    in->data, in->size);
		if (event_validate (&v, event, &copy) == LHK_OK) {
			check_again (in, &copy);
			fuzz_count ("valid events");
		} else {
			fuzz_count ("refused events");
		}
		p += n;
		len -= n;
	}
	validator_done (&v);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct input in = { (const char *) data, size, NULL, 0 };
	char *line, *records;
	size_t n;

	if (size == 0 || data[0] >= size)
		return 0;
	n = size - 1 - data[0];
	records = malloc (n + 1);
	if (records == NULL)
		abort ();
	memcpy (records, data + 1 + data[0], n);
	line = data[0] == 0 ? NULL : fuzz_line (in.data + 1, data[0]);
	in.line = line;
	in.line_len = data[0];
	check_records (&in, records, n);
	free (records);
	free (line);
	return 0;
}
