/* SPDX-License-Identifier: MIT */
/*
 * request.c - what a tool is given on its stdin.
 *
 * The caller's texts are judged and then copied as they are: no tree is made
 * of them.  They go to a file, so that nobody waits for a tool that does not
 * read, and a tool that does not read is no error.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <linehook/event.h>

#include "format/event_json.h"
#include "common/outbuf.h"
#include "tool/decode.h"
#include "tool/request.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

int
request_check (const struct lhk_alloc *alloc, const char *name,
	       const struct lhk_str *text, struct lhk_error *err)
{
	struct decode *d;
	uint64_t off;
	int error;

	if (text->len == 0)
		return LHK_OK;
	d = mem_new (alloc, sizeof *d);
	if (d == NULL)
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for a tool call");
	decode_init (d, 0);
	decode_feed (d, text->ptr, text->len);
	error = decode_is_blank (d) ? DECODE_END : decode_end (d);
	off = d->off;
	decode_free (d);
	mem_free (alloc, d, sizeof *d);
	if (error == DECODE_FINE)
		return LHK_OK;
	if (error == DECODE_MEMORY)
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for a tool call");
	return error_set (err, LHK_EREFUSED, 0,
			  "%s is not one JSON object or null:"
			  " %s, at byte %llu",
			  name, decode_reason (error),
			  (unsigned long long) off + 1);
}

/* Where the bytes go. */
struct target {
	struct outbuf out;
	int fd;
	uint64_t at;
	int error; /* errno, or 0 */
};

static void
put (void *user, const char *data, size_t len)
{
	struct target *t = user;
	ssize_t n;

	while (len > 0 && t->error == 0) {
		n = fd_put (t->fd, data, len, t->at);
		if (n <= 0) {
			t->error = n < 0 ? errno : ENOSPC;
			return;
		}
		t->at += (uint64_t) n;
		data += n;
		len -= (size_t) n;
	}
}

static void
put_string (struct outbuf *o, const char *key, const char *s, size_t len)
{
	struct lhk_text text = { s, len, LHK_TEXT_PLAIN, 0 };

	outbuf_str (o, key);
	json_put_body (o, &text);
}

/* A text that was judged.  Its newlines are between tokens: the request is
 * one line, for tools that read one. */
static void
put_text (struct outbuf *o, const char *key, const struct lhk_str *text)
{
	const char *p = text->ptr;
	size_t left = text->len;
	size_t n;

	outbuf_str (o, key);
	if (left == 0)
		OUT_LIT (o, "null");
	while (left > 0) {
		const char *lf = memchr (p, '\n', left);

		n = lf == NULL ? left : (size_t) (lf - p);
		outbuf_put (o, p, n);
		if (lf == NULL)
			break;
		OUT_LIT (o, " ");
		p += n + 1;
		left -= n + 1;
	}
}

static int
is_last_of_name (const char *const *at)
{
	size_t n = strcspn (*at, "=") + 1;
	const char *const *other;

	for (other = at + 1; *other != NULL; other++)
		if (strncmp (*at, *other, n) == 0)
			return 0;
	return 1;
}

static void
put_env (struct outbuf *o, const char *const *env)
{
	const char *comma = "";
	const char *value;

	OUT_LIT (o, ",\"env\":{");
	for (; env != NULL && *env != NULL; env++) {
		if (!is_last_of_name (env))
			continue;
		value = strchr (*env, '=') + 1;
		put_string (o, comma, *env, (size_t) (value - *env - 1));
		put_string (o, ":", value, strlen (value));
		comma = ",";
	}
	OUT_LIT (o, "}");
}

static void
put_all (struct outbuf *o, const struct request *r)
{
	put_string (o, "{\"tool_id\":", r->id, strlen (r->id));
	put_string (o, ",\"tool_exec_id\":", r->exec_id, strlen (r->exec_id));
	put_text (o, ",\"input\":", &r->input);
	put_text (o, ",\"config\":", &r->config);
	put_env (o, r->env);
	OUT_LIT (o, ",\"timeout_ms\":");
	outbuf_u64 (o, r->timeout_ms);
	OUT_LIT (o, "}\n");
	outbuf_flush (o);
}

int
request_file (const struct lhk_alloc *alloc, const struct request *request)
{
	struct target *t = mem_new (alloc, sizeof *t);
	int fd, error;

	if (t == NULL) {
		errno = ENOMEM;
		return -1;
	}
	t->at = 0;
	t->error = 0;
	t->fd = fd_memory ("linehook-stdin", "/tmp");
	if (t->fd < 0) {
		t->error = errno;
	} else {
		outbuf_init (&t->out, put, t);
		put_all (&t->out, request);
		fd_seal (t->fd);
	}
	fd = t->fd;
	error = t->error;
	mem_free (alloc, t, sizeof *t);
	if (error != 0)
		fd_close (&fd);
	errno = error;
	return fd;
}
