/* SPDX-License-Identifier: MIT */
/* show.c - the JSON object that show and wait return: a result, or a status. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "record/gc.h"
#include "record/show.h"
#include "record/state.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

/* A record is read in one piece, and the answer of an agent is in it. */
#define FILE_SIZE_MAX (UINT64_C (1) << 31)

#define LOST_TEXT 320

/* Exit statuses of a run that has none of its own. */
#define STATUS_LOST 125
#define STATUS_RUNNING 124

/* Is it JSON?  A reader of our answers must not have to doubt it.  Behind B is
 * room for what the reader looks at. */
static int
is_json (struct strbuf *b, size_t from)
{
	struct lhk_json j;
	int r;

	memset (b->data + b->len, 0, LHK_LINE_PADDING);
	b->data[b->len] = '\n';
	lhk_json_begin (&j, b->data + from, b->len - from);
	r = lhk_json_peek (&j) == LHK_JSON_OBJECT && lhk_json_skip (&j)
	    && lhk_json_end (&j) == LHK_OK;
	b->data[b->len] = '\0';
	return r;
}

/* Add the file FD, without its last newlines.  LHK_OK, LHK_ENOMEM, LHK_ESYS
 * with errno; LHK_EPARSE: it is no object, or has a hole. */
static int
add_file (struct strbuf *b, int fd)
{
	size_t from = b->len;
	struct stat st;
	off_t end;
	ssize_t n;

	if (fstat (fd, &st) < 0)
		return LHK_ESYS;
	end = record_file_end (fd);
	if (end != st.st_size)
		return end < 0 ? LHK_ESYS : LHK_EPARSE;
	if ((uint64_t) st.st_size > FILE_SIZE_MAX) {
		errno = EFBIG;
		return LHK_ESYS;
	}
	if (strbuf_reserve (b, (size_t) st.st_size + LHK_LINE_PADDING) < 0)
		return LHK_ENOMEM;
	n = fd_pread_full (fd, b->data + b->len, (size_t) st.st_size, 0);
	if (n < 0)
		return LHK_ESYS;
	b->len += (size_t) n;
	while (b->len > from && b->data[b->len - 1] == '\n')
		b->len--;
	return is_json (b, from) ? LHK_OK : LHK_EPARSE;
}

/* The answer while it is written. */
struct answer {
	struct lhk_store *store;
	const char *id;
	uint32_t include;
	struct jw w;
	struct strbuf file; /* the text of one file */
	const char *what;   /* that file, for the sentence of an error */
};

/* ---- members ---- */

/* run.json as the member `request', if there is a whole one.  LHK_OK, LHK_ENOMEM,
 * LHK_ESYS with errno. */
static int
write_request (struct answer *a)
{
	int fd = record_store_open (a->store, a->id, RECORD_RUN);
	int whole = fd >= 0	      ? record_head_is_whole (fd)
		    : errno == ENOENT ? 0
				      : -1;
	int r = whole < 0 ? LHK_ESYS : LHK_OK;

	a->what = RECORD_RUN;
	strbuf_clear (&a->file);
	if (whole > 0)
		r = add_file (&a->file, fd);
	if (whole > 0 && r == LHK_OK)
		jw_raw (&a->w, "request", a->file.data, a->file.len);
	fd_close (&fd);
	return r == LHK_EPARSE ? LHK_OK : r;
}

/* Do the events of the run end as those of a run that has ended? */
static int
has_final_event (const struct answer *a)
{
	int fd = record_store_open (a->store, a->id, RECORD_EVENTS);
	int is = fd >= 0 && record_events_are_final (fd);

	fd_close (&fd);
	return is;
}

/* The mode of what has the name of the result; 0: nothing has. */
static mode_t
result_mode (const struct answer *a)
{
	char path[RECORD_STORE_PATH];
	struct stat st;

	record_store_path (path, a->id, RECORD_RESULT);
	return fstatat (a->store->fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0
		       ? 0
		       : st.st_mode;
}

/* Why there is no result, as far as can be seen. */
static void
explain_lost (const struct answer *a, const struct record_head *h,
	      char text[LOST_TEXT])
{
	mode_t mode = result_mode (a);

	if (S_ISREG (mode))
		snprintf (text, LOST_TEXT,
			  "its " RECORD_RESULT " is cut short: the machine went"
			  " down before it was on the disk, or somebody has"
			  " changed it; linehook replay %s makes the result"
			  " again",
			  a->id);
	else if (mode != 0)
		snprintf (text, LOST_TEXT,
			  "its " RECORD_RESULT " is not a file; somebody has "
			  "damaged the record; linehook replay %s makes the "
			  "result again",
			  a->id);
	else if (has_final_event (a))
		snprintf (text, LOST_TEXT,
			  "its " RECORD_RESULT " is missing, although its "
			  "events have the final result; linehook replay %s "
			  "makes the result again",
			  a->id);
	else if (h->host_pid == 0)
		snprintf (text, LOST_TEXT,
			  "it has no host and no complete " RECORD_RUN
			  ": the machine went down when the run started, or "
			  "files were removed");
	else
		snprintf (text, LOST_TEXT,
			  "its host (process %lld) ended without a result; "
			  "everything recorded until then is complete",
			  (long long) h->host_pid);
}

/* The members of a run that has no result. */
static int
write_unended (struct answer *a, int status)
{
	struct record_head h;
	char why[LOST_TEXT];
	struct jw *w = &a->w;

	a->what = RECORD_RUN;
	if (record_store_head (a->store, a->id, status, -1, &h) < 0)
		return LHK_ESYS;
	jw_i64 (w, "v", 1);
	jw_str (w, "run", a->id);
	jw_str (w, "status", status == LHK_RECORD_RUNNING ? "running" : "lost");
	if (status == LHK_RECORD_LOST) {
		explain_lost (a, &h, why);
		jw_bool (w, "final", 1);
		jw_str (w, "verdict",
			lhk_verdict_name (LHK_VERDICT_HOST_ERROR));
		jw_str (w, "error", why);
		jw_object_begin (w, "outcome");
		jw_str (w, "how", "host_error");
		jw_object_end (w);
		jw_bool (w, "complete_usage", 0);
	}
	return write_request (a);
}

/* result.json, which is FD, into B. */
static int
read_result (struct answer *a, int fd, struct strbuf *b)
{
	a->what = RECORD_RESULT;
	return add_file (b, fd);
}

/* The members of a run that has ended. */
static int
write_ended (struct answer *a, int fd)
{
	int r = read_result (a, fd, &a->file);

	if (r != LHK_OK)
		return r;
	jw_members (&a->w, a->file.data, a->file.len);
	return (a->include & LHK_INCLUDE_REQUEST) != 0 ? write_request (a)
						       : LHK_OK;
}

/* ---- the answer ---- */

static int
fail (const struct answer *a, int code, struct lhk_error *err)
{
	if (code == LHK_ESYS)
		return record_store_fail_sys (a->store, a->id, a->what, err);
	if (code == LHK_EPARSE)
		return error_set (err, code, 0,
				  "'%.100s/%s/%s' was not written by linehook: "
				  "it is not a JSON object, or it has a hole",
				  a->store->dir, a->id, a->what);
	return error_set (err, code, 0, "no memory for the record of '%s'",
			  a->id);
}

/* An object of the members that are wanted. */
static int
write_answer (struct answer *a, int status, int fd, struct outbuf *out,
	      struct lhk_error *err)
{
	int r;

	outbuf_init (out, strbuf_write, &a->store->answer);
	jw_init (&a->w, out);
	jw_object_begin (&a->w, NULL);
	r = status == LHK_RECORD_ENDED ? write_ended (a, fd)
				       : write_unended (a, status);
	if (r != LHK_OK)
		return fail (a, r, err);
	if ((a->include & LHK_INCLUDE_STATE) != 0)
		r = record_state_write (a->store, a->id, &a->w, err);
	if (r != LHK_OK)
		return r;
	jw_object_end (&a->w);
	outbuf_flush (out);
	r = strbuf_failed (&a->store->answer);
	return r != LHK_OK ? fail (a, r, err) : r;
}

/* A result alone is given as it is stored, without a copy. */
static int
make_answer (struct answer *a, int status, int fd, struct lhk_error *err)
{
	struct outbuf *out;
	int r;

	if (status == LHK_RECORD_ENDED && a->include == 0) {
		r = read_result (a, fd, &a->store->answer);
		return r != LHK_OK ? fail (a, r, err) : r;
	}
	out = mem_new (a->store->alloc, sizeof *out);
	r = out == NULL ? fail (a, LHK_ENOMEM, err)
			: write_answer (a, status, fd, out, err);
	mem_free (a->store->alloc, out, sizeof *out);
	return r;
}

static int
exit_status (int status, int fd)
{
	struct record_head h;

	if (status != LHK_RECORD_ENDED)
		return status == LHK_RECORD_LOST ? STATUS_LOST : STATUS_RUNNING;
	return record_head_read (fd, &h) < 0 || h.exit_status < 0
		       ? STATUS_LOST
		       : h.exit_status;
}

int
record_show_answer (struct lhk_store *s, const char *id, int status, int fd,
		    uint32_t include, struct lhk_error *err)
{
	struct answer a = { .store = s, .id = id, .include = include };
	int r;

	strbuf_clear (&s->answer);
	strbuf_init (&a.file, s->alloc);
	if (status == LHK_RECORD_LOST)
		record_gc_cut_events (s, id);
	s->exit_status = exit_status (status, fd);
	r = make_answer (&a, status, fd, err);
	fd_close (&fd);
	strbuf_free (&a.file);
	if (r != LHK_OK)
		strbuf_clear (&s->answer);
	return r;
}

struct lhk_str
record_show_text (const struct lhk_store *s)
{
	struct lhk_str text = { strbuf_str (&s->answer), s->answer.len };

	return text;
}

int
lhk_store_show (struct lhk_store *s, const char *id, uint32_t include,
		struct lhk_str *ret, int *ret_status, struct lhk_error *err)
{
	int r = record_store_check (s, id, err);
	int fd = -1;

	if (r < 0)
		return r;
	if (ret == NULL || (include & ~RECORD_SHOW_INCLUDES) != 0)
		return error_set (err, LHK_EINVAL, 0,
				  "show: include is 0x%x, expected "
				  "LHK_INCLUDE_* or 0",
				  include);
	r = record_store_status (s, id, &fd);
	if (r == LHK_ENOTFOUND)
		return record_store_not_found (s, id, err);
	if (r < 0)
		return record_store_fail_sys (s, id, "", err);
	if (ret_status != NULL)
		*ret_status = r;
	r = record_show_answer (s, id, r, fd, include, err);
	*ret = record_show_text (s);
	return r;
}
