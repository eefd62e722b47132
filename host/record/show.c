/* SPDX-License-Identifier: MIT */
/* show.c - what is said of a run: its result, or how it stands. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/store.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

#define LOST_TEXT 200

int
store_add (struct lhk_store *s, const char *data, size_t len)
{
	struct store_text *t = &s->answer;
	void *p = t->data;
	int r = mem_grow (s->alloc, &p, &t->cap, t->len + len + 1, 1);

	t->data = p;
	if (r < 0)
		return r;
	memcpy (t->data + t->len, data, len);
	t->len += len;
	t->data[t->len] = '\0';
	return LHK_OK;
}

int
store_add_file (struct lhk_store *s, int fd)
{
	struct store_text *t = &s->answer;
	struct stat st;
	void *p = t->data;
	ssize_t n;
	int r;

	if (fstat (fd, &st) < 0)
		return LHK_ESYS;
	if ((uint64_t) st.st_size > STORE_FILE_MAX) {
		errno = EFBIG;
		return LHK_ESYS;
	}
	r = mem_grow (s->alloc, &p, &t->cap, t->len + (size_t) st.st_size + 1,
		      1);
	t->data = p;
	if (r < 0)
		return r;
	n = fd_get (fd, t->data + t->len, (size_t) st.st_size, 0);
	if (n < 0)
		return LHK_ESYS;
	t->len += (size_t) n;
	while (t->len > 0 && t->data[t->len - 1] == '\n')
		t->len--;
	t->data[t->len] = '\0';
	return LHK_OK;
}

/* `,"asked":' and run.json, if there is one. */
static int
add_asked (struct lhk_store *s, const char *id)
{
	int fd = store_open_in (s, id, RECORD_RUN);
	int whole = fd >= 0 ? store_is_whole (fd) : errno == ENOENT ? 0 : -1;
	int r = whole < 0 ? LHK_ESYS : LHK_OK;

	if (whole > 0)
		r = store_add (s, ",\"asked\":", sizeof ",\"asked\":" - 1);
	if (whole > 0 && r == LHK_OK)
		r = store_add_file (s, fd);
	fd_close (&fd);
	return r;
}

/* Why there is no result, as far as can be seen. */
static void
say_why_lost (struct lhk_store *s, const char *id, const struct store_head *h,
	      char text[LOST_TEXT])
{
	char path[STORE_PATH];

	store_path (path, id, RECORD_RESULT);
	if (faccessat (s->fd, path, F_OK, 0) == 0)
		snprintf (text, LOST_TEXT,
			  "its " RECORD_RESULT " is cut short:"
			  " the machine went down before it was on the disk;"
			  " what else is kept may be read");
	else if (h->host_pid == 0)
		snprintf (text, LOST_TEXT,
			  "it has neither a host nor a whole " RECORD_RUN
			  ": the machine went down at its start, or"
			  " files were removed");
	else
		snprintf (text, LOST_TEXT,
			  "its host (process %lld) has gone"
			  " without a result; what it kept until then is"
			  " whole",
			  (long long) h->host_pid);
}

static int
add_unended (struct lhk_store *s, const char *id, int status)
{
	struct store_head h;
	char text[LOST_TEXT + 300], why[LOST_TEXT];
	int r;

	if (store_head_of (s, id, status, -1, &h) < 0)
		return LHK_ESYS;
	if (status == LHK_RECORD_RUNNING) {
		snprintf (text, sizeof text,
			  "{\"v\":1,\"run\":\"%s\","
			  "\"status\":\"running\"",
			  id);
	} else {
		say_why_lost (s, id, &h, why);
		snprintf (text, sizeof text,
			  "{\"v\":1,\"run\":\"%s\","
			  "\"status\":\"lost\",\"final\":true,"
			  "\"verdict\":\"host_error\",\"error\":\"%s\","
			  "\"outcome\":{\"how\":\"host_error\"},"
			  "\"complete_usage\":false",
			  id, why);
	}
	r = store_add (s, text, strlen (text));
	if (r == LHK_OK)
		r = add_asked (s, id);
	return r == LHK_OK ? store_add (s, "}", 1) : r;
}

static int
exit_status_of (int status, int fd)
{
	struct store_head h;

	if (status != LHK_RECORD_ENDED)
		return status == LHK_RECORD_LOST ? 125 : 124;
	return store_read_head (fd, &h) < 0 || h.exit_status < 0
		       ? 125
		       : h.exit_status;
}

static int
build_answer (struct lhk_store *s, const char *id, int status, int fd,
	      uint32_t include, const char **ret_what)
{
	int r;

	*ret_what = status == LHK_RECORD_ENDED ? RECORD_RESULT : RECORD_RUN;
	if (status != LHK_RECORD_ENDED)
		return add_unended (s, id, status);
	r = store_add_file (s, fd);
	if (r < 0)
		return r;
	if (s->answer.len < 2 || s->answer.data[0] != '{')
		return LHK_EPARSE;
	if ((include & LHK_INCLUDE_ASKED) == 0)
		return LHK_OK;
	*ret_what = RECORD_RUN;
	s->answer.len--;
	r = add_asked (s, id);
	return r == LHK_OK ? store_add (s, "}", 1) : r;
}

int
store_answer (struct lhk_store *s, const char *id, int status, int fd,
	      uint32_t include, struct lhk_error *err)
{
	const char *what;
	int r;

	s->answer.len = 0;
	if (status == LHK_RECORD_LOST)
		store_cut (s, id);
	s->exit_status = exit_status_of (status, fd);
	r = build_answer (s, id, status, fd, include, &what);
	fd_close (&fd);
	if (r == LHK_OK && (include & LHK_INCLUDE_STATE) != 0)
		r = store_add_state (s, id, err);
	else if (r == LHK_ENOMEM)
		error_set (err, r, 0, "no memory for the record of '%s'", id);
	else if (r == LHK_ESYS)
		r = store_fail_sys (s, id, what, err);
	else if (r == LHK_EPARSE)
		error_set (err, r, 0,
			   "'%.100s/%s/" RECORD_RESULT "' is not what"
			   " linehook wrote: it does not begin with a brace",
			   s->dir, id);
	if (r < 0)
		s->answer.len = 0;
	return r;
}

struct lhk_str
store_text (const struct lhk_store *s)
{
	struct lhk_str text = { s->answer.len == 0 ? "" : s->answer.data,
				s->answer.len };

	return text;
}
