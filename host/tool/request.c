/* SPDX-License-Identifier: MIT */
/*
 * request.c - what a tool is given on its stdin.
 *
 * The caller's texts are validated and then copied as they are: no tree is
 * built of them.  They go to a file, so that nobody waits for a tool that does
 * not read; a tool that does not read its request is no error.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/error.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"
#include "json/writer.h"
#include "tool/decode.h"
#include "tool/request.h"

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
	if (error == DECODE_OK)
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

struct request_writer {
	struct outbuf out;
	int fd;
	uint64_t at; /* bytes written */
	int error;   /* 0, or -errno of the first write that failed */
};

static void
write_bytes (void *user, const char *data, size_t len)
{
	struct request_writer *w = user;

	if (w->error == 0)
		w->error = io_pwrite_full (w->fd, data, len, &w->at);
}

/* The JSON of the caller.  Newlines between its tokens become blanks: the
 * request is one line, for tools that read one. */
static void
write_json (struct jw *j, const char *key, const struct lhk_str *text)
{
	if (text->len == 0)
		jw_raw (j, key, "null", 4);
	else
		jw_raw (j, key, text->ptr, text->len);
}

/* 1: no later entry of the list has the same name as this one. */
static int
is_last_of_name (const char *const *entry)
{
	size_t n = strcspn (*entry, "=") + 1;
	const char *const *later;

	for (later = entry + 1; *later != NULL; later++)
		if (strncmp (*entry, *later, n) == 0)
			return 0;
	return 1;
}

static void
write_env (struct jw *j, const char *const *env)
{
	size_t n;

	jw_object_begin (j, "env");
	for (; env != NULL && *env != NULL; env++) {
		if (!is_last_of_name (env))
			continue;
		n = strcspn (*env, "=");
		jw_name (j, *env, n);
		jw_str (j, NULL, *env + n + 1);
	}
	jw_object_end (j);
}

static void
write_request (struct outbuf *o, const struct request *r)
{
	struct jw j;

	jw_init (&j, o);
	jw_object_begin (&j, NULL);
	jw_str (&j, "tool_id", r->id);
	jw_str (&j, "tool_exec_id", r->exec_id);
	write_json (&j, "input", &r->input);
	write_json (&j, "config", &r->config);
	write_env (&j, r->env);
	jw_u64 (&j, "timeout_ms", r->timeout_ms);
	jw_object_end (&j);
	OUTBUF_LIT (o, "\n");
	outbuf_flush (o);
}

int
request_file (const struct lhk_alloc *alloc, const struct request *request)
{
	struct request_writer *w = mem_new (alloc, sizeof *w);
	int fd, error;

	if (w == NULL)
		return -ENOMEM;
	w->at = 0;
	w->error = 0;
	w->fd = fd_memfd ("linehook-stdin", "/tmp");
	if (w->fd < 0) {
		w->error = -errno;
	} else {
		outbuf_init (&w->out, write_bytes, w);
		write_request (&w->out, request);
		fd_seal (w->fd);
	}
	fd = w->fd;
	error = w->error;
	mem_free (alloc, w, sizeof *w);
	if (error == 0)
		return fd;
	fd_close (&fd);
	return error;
}
