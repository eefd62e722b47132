/* SPDX-License-Identifier: MIT */
/* cli_log.c - records on stderr: one line each, whatever is in them. */
#include "config.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/log.h"
#include "common/macros.h"
#include "common/termsafe.h"
#include "lib/tap.h"

static char written[1 << 20];
static size_t n_written;
static size_t n_writes;

static void
keep (void *user, const char *data, size_t len)
{
	(void) user;
	if (len > sizeof written - 1 - n_written)
		len = sizeof written - 1 - n_written;
	memcpy (written + n_written, data, len);
	n_written += len;
	written[n_written] = '\0';
	n_writes++;
}

static struct log *
new_log (int format, int level)
{
	struct log *l = malloc (sizeof *l);

	CU_ASSERT_FATAL (l != NULL);
	n_written = 0;
	n_writes = 0;
	written[0] = '\0';
	log_init (l, format, level, keep, NULL);
	return l;
}

static const char *const fields[] = { "plugin",	  "claude", "line",  "17",
				      "path",	  "/a b",   "empty", "",
				      "bad key!", "x",	    NULL };

static void
logfmt (void)
{
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);

	log_bytes (l, LHK_LOG_WARN, "oversize", fields, "line skipped", 12);
	TAP_EQ_STR (written, "level=warn code=oversize plugin=claude line=17 "
			     "path=\"/a b\" empty=\"\" bad_key_=x "
			     "msg=\"line skipped\"\n");
	TAP_EQ_INT (n_writes, 1);
	free (l);
}

static void
json (void)
{
	struct log *l = new_log (LOG_JSON, LHK_LOG_WARN);

	log_bytes (l, LHK_LOG_ERROR, "oversize", fields, "12", 2);
	TAP_EQ_STR (written,
		    "{\"level\":\"error\",\"code\":\"oversize\","
		    "\"plugin\":\"claude\",\"line\":17,\"path\":\"/a b\","
		    "\"empty\":\"\",\"bad_key_\":\"x\",\"msg\":\"12\"}\n");
	TAP_EQ_INT (n_writes, 1);
	free (l);
}

/* Value of a member of the record, which must be one line of JSON. */
static void
json_value (const char *text, size_t len, const char *wanted)
{
	struct log *l = new_log (LOG_JSON, LHK_LOG_WARN);
	struct json_object *record, *value = NULL;

	log_bytes (l, LHK_LOG_WARN, "x", NULL, text, len);
	CU_ASSERT (strchr (written, '\n') == written + n_written - 1);
	record = json_tokener_parse (written);
	CU_ASSERT_FATAL (record != NULL);
	CU_ASSERT (json_object_object_get_ex (record, "msg", &value));
	TAP_EQ_MEM (json_object_get_string (value),
		    (size_t) json_object_get_string_len (value), wanted,
		    strlen (wanted));
	json_object_put (record);
	free (l);
}

static void
json_is_valid (void)
{
	json_value ("plain", 5, "plain");
	json_value ("a\"b\\c", 5, "a\"b\\c");
	json_value ("a\nb\tc\rd", 7, "a\nb\tc\rd");
	json_value ("\x1b[31m", 5, "\x1b[31m");
	json_value ("\xc3\xa9\xf0\x9f\x98\x80", 6, "\xc3\xa9\xf0\x9f\x98\x80");
	json_value ("\xe2\x80\xae", 3, "\xe2\x80\xae");
	json_value ("\xf3\xa0\x81\x81", 4, "\xf3\xa0\x81\x81");
	json_value ("\xff|\xc3", 3, "\xef\xbf\xbd|\xef\xbf\xbd");
}

static void
nothing_forges_a_line (void)
{
	static const char *const texts[] = {
		"a\nlevel=error code=forged",
		"a\r\nb",
		"a\x0b"
		"b\x0c"
		"c",
		"\x1b[2J\x1b]0;title\x07",
		"\x7f\xc2\x85\xc2\x9b",
		"\xe2\x80\xa8\xe2\x80\xa9",
		"\xe2\x80\xae",
		"\xe2\x80\x8b",
		"\xf3\xa0\x81\x81",
		"\xef\xbb\xbf",
		"\" msg=\"x",
	};
	size_t n_bad = 0;
	size_t i, k;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);
		const char *one[] = { "key", texts[i], NULL };

		log_bytes (l, LHK_LOG_WARN, "x", one, texts[i],
			   strlen (texts[i]));
		CU_ASSERT (strchr (written, '\n') == written + n_written - 1);
		for (k = 0; k + 1 < n_written; k++)
			if ((unsigned char) written[k] < 0x20
			    || (unsigned char) written[k] >= 0x7f) {
				tap_note ("case %zu has byte 0x%02x", i,
					  (unsigned char) written[k]);
				n_bad++;
			}
		CU_ASSERT (strstr (written, texts[i]) == NULL);
		free (l);
	}
	TAP_EQ_INT (n_bad, 0);
}

static void
nul_bytes (void)
{
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);

	log_bytes (l, LHK_LOG_WARN, "x", NULL, "a\0b", 3);
	TAP_EQ_STR (written, "level=warn code=x msg=\"a\\u0000b\"\n");
	free (l);
}

static void
long_values (void)
{
	size_t len = 100000;
	char *text = malloc (len + 1);
	const char *many[64];
	struct log *l = new_log (LOG_JSON, LHK_LOG_WARN);
	size_t i;

	CU_ASSERT_FATAL (text != NULL);
	memset (text, '\x01', len);
	text[len] = '\0';
	for (i = 0; i + 1 < 62; i += 2) {
		many[i] = "key";
		many[i + 1] = text;
	}
	many[i] = NULL;
	log_bytes (l, LHK_LOG_WARN, "x", many, text, len);
	TAP_EQ_INT (n_writes, 1);
	CU_ASSERT (n_written < OUTBUF_SIZE);
	CU_ASSERT (strcmp (written + n_written - 5, "...\"}\n") == 0
		   || strcmp (written + n_written - 6, "...\"}\n") == 0);
	free (text);
	free (l);
}

static void
levels (void)
{
	static const int all[] = { LHK_LOG_ERROR, LHK_LOG_WARN, LHK_LOG_INFO,
				   LHK_LOG_DEBUG };
	size_t i, k;

	for (i = 0; i < 4; i++) {
		struct log *l = new_log (LOG_LOGFMT, all[i]);

		for (k = 0; k < 4; k++)
			log_say (l, all[k], "x", "number %zu", k);
		TAP_EQ_INT (n_writes, i + 1);
		free (l);
	}
}

static void
off (void)
{
	struct log *l = new_log (LOG_OFF, LHK_LOG_DEBUG);

	log_say (l, LHK_LOG_ERROR, "x", "lost");
	TAP_EQ_INT (n_writes, 0);
	free (l);
}

static void
a_record_of_the_library (void)
{
	static const char *const none[] = { NULL };
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);
	struct lhk_log record = {
		.size = sizeof record,
		.level = LHK_LOG_ERROR,
		.code = "plugin",
		.text = "it failed",
		.fields = none,
	};

	log_record (l, &record);
	TAP_EQ_STR (written, "level=error code=plugin msg=\"it failed\"\n");
	free (l);
}

/* ---- lines of a command's stderr ---- */

static void
feed_lines (const char *text, size_t len, size_t step, const char *wanted)
{
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);
	struct log_lines *lines = malloc (sizeof *lines);
	size_t at;

	CU_ASSERT_FATAL (lines != NULL);
	log_lines_init (lines, log_stderr, l);
	for (at = 0; at < len; at += step)
		log_lines_feed (lines, text + at,
				step < len - at ? step : len - at);
	log_lines_end (lines);
	log_lines_end (lines);
	TAP_EQ_STR (written, wanted);
	free (lines);
	free (l);
}

static void
lines_of_stderr (void)
{
	static const char text[] = "one\ntwo\r\n\n\r\n three\nrest";
	static const char wanted[] = "level=warn code=stderr msg=\"one\"\n"
				     "level=warn code=stderr msg=\"two\"\n"
				     "level=warn code=stderr msg=\" three\"\n"
				     "level=warn code=stderr msg=\"rest\"\n";
	size_t step;

	for (step = 1; step < sizeof text; step++)
		feed_lines (text, sizeof text - 1, step, wanted);
}

static void
a_long_line_of_stderr (void)
{
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);
	struct log_lines *lines = malloc (sizeof *lines);
	size_t i;

	CU_ASSERT_FATAL (lines != NULL);
	log_lines_init (lines, log_stderr, l);
	for (i = 0; i < 2 * LOG_LINE_MAX + 5; i++)
		log_lines_feed (lines, "x", 1);
	TAP_EQ_INT (n_writes, 2);
	log_lines_end (lines);
	TAP_EQ_INT (n_writes, 3);
	free (lines);
	free (l);
}

/* Bytes of the character C; 0 for a surrogate, which is none. */
static size_t
encode (uint32_t c, char bytes[4])
{
	if (c < 0x80) {
		bytes[0] = (char) c;
		return 1;
	}
	if (c < 0x800) {
		bytes[0] = (char) (0xc0 | c >> 6);
		bytes[1] = (char) (0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		bytes[0] = (char) (0xe0 | c >> 12);
		bytes[1] = (char) (0x80 | (c >> 6 & 63));
		bytes[2] = (char) (0x80 | (c & 63));
		return c >= 0xd800 && c < 0xe000 ? 0 : 3;
	}
	bytes[0] = (char) (0xf0 | c >> 18);
	bytes[1] = (char) (0x80 | (c >> 12 & 63));
	bytes[2] = (char) (0x80 | (c >> 6 & 63));
	bytes[3] = (char) (0x80 | (c & 63));
	return 4;
}

/* A quote and a backslash are safe, and escaped for the sake of the format. */
static void
same_table_as_termsafe (void)
{
	static struct outbuf out;
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);
	char bytes[4];
	uint32_t c, n_unsafe = 0, n_different = 0;

	for (c = 0; c < 0x110000; c++) {
		size_t len = encode (c, bytes);
		int in_log, in_text;

		if (len == 0 || c == '"' || c == '\\')
			continue;
		n_written = 0;
		log_bytes (l, LHK_LOG_WARN, "x", NULL, bytes, len);
		in_log = memmem (written, n_written, bytes, len) != NULL;
		n_written = 0;
		outbuf_init (&out, keep, NULL);
		termsafe_write (&out, bytes, len, 1);
		outbuf_flush (&out);
		in_text = n_written == len;
		if (c >= 0x80 || c < 0x20 || c == 0x7f) {
			n_unsafe += !in_text;
			n_different += in_log != in_text && c != '\n';
		}
	}
	TAP_EQ_INT (n_different, 0);
	CU_ASSERT (n_unsafe > 4000);
	free (l);
}

static void
invisible_characters (void)
{
	struct log *l = new_log (LOG_LOGFMT, LHK_LOG_WARN);

	log_bytes (l, LHK_LOG_WARN, "x", NULL,
		   "a\xcd\x8f\xe1\xa0\x8e\xf3\xa0\x84\x80", 10);
	TAP_EQ_STR (written, "level=warn code=x "
			     "msg=\"a\\u034f\\u180e\\udb40\\udd00\"\n");
	free (l);
}

/* The journal reads the priority from the front of each line. */
static void
journal (void)
{
	static const struct {
		int level;
		const char *wanted;
	} table[] = {
		{ LHK_LOG_ERROR, "<3>code=c msg=\"m\"\n" },
		{ LHK_LOG_WARN, "<4>code=c msg=\"m\"\n" },
		{ LHK_LOG_INFO, "<6>code=c msg=\"m\"\n" },
		{ LHK_LOG_DEBUG, "<7>code=c msg=\"m\"\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		struct log *l = new_log (LOG_JOURNAL, LHK_LOG_DEBUG);

		log_say (l, table[i].level, "c", "m");
		TAP_EQ_STR (written, table[i].wanted);
		free (l);
	}
}

static const struct tap_case cases[] = {
	{ "log_a_record_for_the_journal_begins_with_its_priority", journal },
	{ "log_logfmt_quotes_what_is_not_a_word", logfmt },
	{ "log_json_has_numbers_and_strings", json },
	{ "log_json_is_valid_for_any_bytes", json_is_valid },
	{ "log_no_bytes_forge_a_line_or_reach_a_terminal",
	  nothing_forges_a_line },
	{ "log_escapes_what_termsafe_escapes", same_table_as_termsafe },
	{ "log_escapes_what_nobody_sees", invisible_characters },
	{ "log_nul_bytes_are_escaped", nul_bytes },
	{ "log_long_values_are_cut_and_a_record_is_one_write", long_values },
	{ "log_level_hides_what_is_less", levels },
	{ "log_off_is_silent", off },
	{ "log_takes_records_of_the_library", a_record_of_the_library },
	{ "log_each_line_of_stderr_is_a_record_for_any_reads",
	  lines_of_stderr },
	{ "log_a_long_line_of_stderr_becomes_several_records",
	  a_long_line_of_stderr },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_log", cases);
}
