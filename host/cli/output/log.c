/* SPDX-License-Identifier: MIT */
/* log.c - logfmt and JSON lines. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linehook/event.h>

#include "cli/output/log.h"
#include "cli/sentence.h"
#include "common/io.h"
#include "common/macros.h"
#include "common/termsafe.h"
#include "common/utf8.h"
#include "json/text_reader.h"
#include "common/text.h"

/* With these a record fits the buffer of struct outbuf: one write each. */
#define VALUE_MAX 4096
#define FIELDS_MAX 12
#define SAY_MAX 1024

struct level {
	int level;
	const char *name;
	const char *priority; /* as sd-daemon(3) has it */
};

static const struct level levels[] = {
	{ LHK_LOG_WARN, "warn", "<4>" }, /* also for a level that is unknown */
	{ LHK_LOG_ERROR, "error", "<3>" },
	{ LHK_LOG_INFO, "info", "<6>" },
	{ LHK_LOG_DEBUG, "debug", "<7>" },
};

static const struct level *
find_level (int level)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (levels); i++)
		if (levels[i].level == level)
			return &levels[i];
	return &levels[0];
}

/* One character; the bytes it took in the output. */
static size_t
put_char (struct outbuf *o, uint32_t c, const char *bytes, size_t len)
{
	char escape[16];

	if (c == '"' || c == '\\') {
		outbuf_byte (o, '\\');
		outbuf_byte (o, (char) c);
		return 2;
	}
	if (termsafe_is_safe (c)) {
		outbuf_bytes (o, bytes, len);
		return len;
	}
	if (c == '\n' || c == '\r' || c == '\t')
		snprintf (escape, sizeof escape, "\\%c",
			  c == '\n'   ? 'n'
			  : c == '\r' ? 'r'
				      : 't');
	else if (c > 0xffff)
		snprintf (escape, sizeof escape, "\\u%04x\\u%04x",
			  0xd800 + ((c - 0x10000) >> 10),
			  0xdc00 + ((c - 0x10000) & 0x3ff));
	else
		snprintf (escape, sizeof escape, "\\u%04x", c);
	outbuf_str (o, escape);
	return strlen (escape);
}

static void
put_quoted (struct outbuf *o, const char *data, size_t len)
{
	struct lhk_text text = text_from_bytes (data, len);
	struct text_reader r;
	char piece[256];
	size_t written = 0;
	size_t n;

	outbuf_byte (o, '"');
	text_reader_init (&r, &text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0) {
		size_t at = 0;

		while (at < n && written < VALUE_MAX) {
			size_t char_len;
			uint32_t c = utf8_decode (piece + at, &char_len);

			written += put_char (o, c, piece + at, char_len);
			at += char_len;
		}
		if (written >= VALUE_MAX) {
			outbuf_str (o, "...");
			break;
		}
	}
	outbuf_byte (o, '"');
}

static int
is_bare (const char *data, size_t len)
{
	size_t i;

	if (len == 0 || len > VALUE_MAX)
		return 0;
	for (i = 0; i < len; i++) {
		char c = data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')
		    && !(c >= '0' && c <= '9')
		    && (c == '\0' || strchr ("_-./:@%+,", c) == NULL))
			return 0;
	}
	return 1;
}

/* A number that any reader of JSON keeps exactly. */
static int
is_number (const char *data, size_t len)
{
	if (len == 0 || len > 15 || (len > 1 && data[0] == '0'))
		return 0;
	return strspn (data, "0123456789") >= len;
}

static void
put_key (struct outbuf *o, const char *key)
{
	for (; *key != '\0'; key++) {
		int ok = (*key >= 'a' && *key <= 'z')
			 || (*key >= '0' && *key <= '9') || *key == '_';

		outbuf_byte (o, ok ? *key : '_');
	}
}

static void
put_field (struct log *l, const char *key, const char *value, size_t len)
{
	struct outbuf *o = &l->out;
	int json = l->format == LOG_JSON;

	if (l->n_fields++ > 0)
		outbuf_byte (o, json ? ',' : ' ');
	if (json)
		outbuf_byte (o, '"');
	put_key (o, key);
	outbuf_str (o, json ? "\":" : "=");
	/* The message is always quoted: the eye finds it. */
	if (strcmp (key, "msg") != 0
	    && (json ? is_number (value, len) : is_bare (value, len)))
		outbuf_bytes (o, value, len);
	else
		put_quoted (o, value, len);
}

void
log_bytes (struct log *l, int level, const char *code,
	   const char *const *fields, const char *text, size_t len)
{
	const struct level *found = find_level (level);
	size_t i;

	if (l->format == LOG_OFF || level > l->level)
		return;
	l->n_fields = 0;
	if (l->format == LOG_JSON)
		outbuf_byte (&l->out, '{');
	if (l->format == LOG_JOURNAL)
		outbuf_str (&l->out, found->priority);
	else
		put_field (l, "level", found->name, strlen (found->name));
	put_field (l, "code", code, strlen (code));
	for (i = 0; fields != NULL && i < FIELDS_MAX && fields[2 * i] != NULL
		    && fields[2 * i + 1] != NULL;
	     i++)
		put_field (l, fields[2 * i], fields[2 * i + 1],
			   strlen (fields[2 * i + 1]));
	put_field (l, "msg", text, len);
	outbuf_str (&l->out, l->format == LOG_JSON ? "}\n" : "\n");
	outbuf_flush (&l->out);
}

static int
is_hidden (const struct log *l, const char *code)
{
	const char *const *hidden = l->hidden;

	for (; hidden != NULL && *hidden != NULL; hidden++)
		if (strcmp (*hidden, code) == 0)
			return 1;
	return 0;
}

void
log_record (void *user, const struct lhk_log *record)
{
	const char *text = record->text == NULL ? "" : record->text;
	const struct log *l = user;

	if (record->code != NULL && is_hidden (l, record->code))
		return;
	log_bytes (user, record->level,
		   record->code == NULL ? "host" : record->code, record->fields,
		   text, strlen (text));
}

void
log_say (struct log *l, int level, const char *code, const char *fmt, ...)
{
	char text[SAY_MAX];
	va_list args;

	va_start (args, fmt);
	vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	log_bytes (l, level, code, NULL, text, strlen (text));
}

void
log_init (struct log *l, int format, int level,
	  void (*write_fn) (void *user, const char *data, size_t len),
	  void *user)
{
	l->format = format;
	l->level = level;
	l->hidden = NULL;
	l->n_fields = 0;
	if (format == LOG_JOURNAL)
		cli_sentence_set_prefix ("<3>");
	outbuf_init (&l->out, write_fn, user);
}

void
log_to_fd (void *user, const char *data, size_t len)
{
	const int *fd = user;

	(void) !io_write_full (*fd, data, len);
}

/* ---- stderr of a command, line by line ---- */

void
log_lines_init (struct log_lines *l,
		void (*take) (void *user, const char *line, size_t len),
		void *user)
{
	l->take = take;
	l->user = user;
	l->len = 0;
}

void
log_stderr (void *user, const char *line, size_t len)
{
	log_bytes (user, LHK_LOG_WARN, LHK_CODE_STDERR, NULL, line, len);
}

static void
take_line (struct log_lines *l)
{
	size_t len = l->len;

	l->len = 0;
	while (len > 0 && l->data[len - 1] == '\r')
		len--;
	if (len > 0)
		l->take (l->user, l->data, len);
}

void
log_lines_feed (struct log_lines *l, const char *data, size_t len)
{
	while (len > 0) {
		const char *nl = memchr (data, '\n', len);
		size_t n = nl == NULL ? len : (size_t) (nl - data);

		if (n > LOG_LINE_MAX - l->len)
			n = LOG_LINE_MAX - l->len;
		memcpy (l->data + l->len, data, n);
		l->len += n;
		data += n;
		len -= n;
		if (len > 0 && *data == '\n') {
			data++;
			len--;
			take_line (l);
		} else if (l->len == LOG_LINE_MAX) {
			take_line (l);
		}
	}
}

void
log_lines_end (struct log_lines *l)
{
	take_line (l);
}
