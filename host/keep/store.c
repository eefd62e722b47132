/* SPDX-License-Identifier: MIT */
/* store.c - a directory of records: open it, what is a run, show it. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "keep/store.h"
#include "util/error.h"
#include "util/fd.h"
#include "util/mem.h"

/* Between two looks at what a host is just writing. */
#define LOOKS 3

int
lhk_store_open (const char *dir, const struct lhk_alloc *alloc,
		struct lhk_store **ret, struct lhk_error *err)
{
	struct lhk_store *s;
	int fd = -1;
	int r;

	if (ret == NULL)
		return fail (err, LHK_EINVAL, 0, "no place for the store");
	if (alloc == NULL)
		alloc = &mem_system;
	r = keep_open_store (dir, 0, &fd, err);
	if (r < 0 && r != LHK_ENOTFOUND)
		return r;
	s = mem_zero (alloc, sizeof *s);
	if (s != NULL)
		s->dir = mem_strdup (alloc, dir);
	if (s == NULL || s->dir == NULL) {
		mem_free (alloc, s, sizeof *s);
		fd_close (&fd);
		return fail (err, LHK_ENOMEM, 0, "no memory for the store");
	}
	s->magic = STORE_MAGIC;
	s->alloc = alloc;
	s->fd = fd;
	*ret = s;
	return LHK_OK;
}

void
lhk_store_free (struct lhk_store *s)
{
	if (s == NULL || s->magic != STORE_MAGIC)
		return;
	fd_close (&s->fd);
	mem_free_str (s->alloc, s->dir);
	mem_free (s->alloc, s->answer.data, s->answer.cap);
	s->magic = 0;
	mem_free (s->alloc, s, sizeof *s);
}

int
store_dir (struct lhk_store *s)
{
	int r;

	if (s->fd >= 0)
		return s->fd;
	r = keep_open_store (s->dir, 0, &s->fd, NULL);
	if (r == LHK_EREFUSED)
		errno = EPERM;
	return r < 0 ? -1 : s->fd;
}

/* ---- sentences ---- */

int
store_check (struct lhk_store *s, const char *id, struct lhk_error *err)
{
	if (s == NULL || s->magic != STORE_MAGIC)
		return fail (err, LHK_EINVAL, 0, "this is no store");
	if (!keep_id_ok (id))
		return fail (err, LHK_EINVAL, 0, "'%.80s' cannot be a run:"
			     " wanted 1 to 64 letters, digits, '.', '_' or"
			     " '-', no '.' first", id == NULL ? "" : id);
	return LHK_OK;
}

int
store_not_found (const struct lhk_store *s, const char *id,
		 struct lhk_error *err)
{
	return fail (err, LHK_ENOTFOUND, ENOENT, "there is no run '%s' in"
		     " '%.120s'", id, s->dir);
}

int
store_fail_sys (const struct lhk_store *s, const char *id, const char *what,
		struct lhk_error *err)
{
	int error = errno;

	return fail (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
		     "cannot read '%.100s/%s%s%s': %s", s->dir, id,
		     *what == '\0' ? "" : "/", what, strerror (error));
}

/* ---- what a record is ---- */

void
store_path (char path[STORE_PATH], const char *id, const char *name)
{
	snprintf (path, STORE_PATH, "%.64s/%s", id, name);
}

static int
open_in (struct lhk_store *s, const char *id, const char *name)
{
	char path[STORE_PATH];
	int dir = store_dir (s);

	if (dir < 0)
		return -1;
	store_path (path, id, name);
	return fd_lift (openat (dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

/* It has no run.json: being made, or left by a host that died in that. */
static int
unborn (struct lhk_store *s, const char *id)
{
	struct timespec now;
	struct stat st;

	if (fstatat (s->fd, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? LHK_ENOTFOUND : LHK_ESYS;
	if (!S_ISDIR (st.st_mode))
		return LHK_ENOTFOUND;
	clock_gettime (CLOCK_REALTIME, &now);
	return now.tv_sec - st.st_mtim.tv_sec <= STORE_BIRTH_S
		? LHK_KEPT_RUNNING : LHK_KEPT_LOST;
}

static int
status_of_lock (struct lhk_store *s, const char *id)
{
	struct store_head head;
	char path[48];
	int lock = open_in (s, id, KEEP_LOCK);
	int held = lock < 0 ? 0 : keep_is_locked (lock);
	int run;

	fd_close (&lock);
	run = open_in (s, id, KEEP_RUN);
	if (run < 0)
		return errno == ENOENT ? unborn (s, id) : LHK_ESYS;
	store_read_head (run, &head);
	fd_close (&run);
	/* A forked child of the host may hold the lock, and run on. */
	return held != 0 && store_host_lives (store_host_path (&head, path),
					      head.host_start)
		? LHK_KEPT_RUNNING : LHK_KEPT_LOST;
}

int
store_status (struct lhk_store *s, const char *id, int *ret_fd)
{
	int i, status = LHK_KEPT_LOST;

	/* A host that ends writes the result and then lets go of the lock. */
	for (i = 0; i < LOOKS && status == LHK_KEPT_LOST; i++) {
		*ret_fd = open_in (s, id, KEEP_RESULT);
		if (*ret_fd >= 0)
			return LHK_KEPT_ENDED;
		if (errno != ENOENT)
			return LHK_ESYS;
		if (store_dir (s) < 0)
			return LHK_ENOTFOUND;
		status = status_of_lock (s, id);
	}
	return status;
}

/* ---- answers ---- */

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
	if ((uint64_t) st.st_size > STORE_FILE_MOST) {
		errno = EFBIG;
		return LHK_ESYS;
	}
	r = mem_grow (s->alloc, &p, &t->cap, t->len + (size_t) st.st_size + 1,
		      1);
	t->data = p;
	if (r < 0)
		return r;
	while (t->cap - t->len > 1) {
		n = read (fd, t->data + t->len, t->cap - t->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return LHK_ESYS;
		if (n == 0)
			break;
		t->len += (size_t) n;
	}
	while (t->len > 0 && t->data[t->len - 1] == '\n')
		t->len--;
	t->data[t->len] = '\0';
	return LHK_OK;
}

/* `,"asked":' and run.json, if there is one. */
static int
add_asked (struct lhk_store *s, const char *id)
{
	int fd = open_in (s, id, KEEP_RUN);
	int r;

	if (fd < 0)
		return LHK_OK;
	r = store_add (s, ",\"asked\":", sizeof ",\"asked\":" - 1);
	if (r == LHK_OK)
		r = store_add_file (s, fd);
	fd_close (&fd);
	return r;
}

static int
add_unended (struct lhk_store *s, const char *id, int status)
{
	struct store_head h = { .host_pid = 0 };
	int fd = open_in (s, id, KEEP_RUN);
	char text[400];
	int r;

	if (fd >= 0)
		store_read_head (fd, &h);
	fd_close (&fd);
	if (status == LHK_KEPT_RUNNING)
		snprintf (text, sizeof text, "{\"v\":1,\"run\":\"%s\","
			  "\"status\":\"running\"", id);
	else
		snprintf (text, sizeof text, "{\"v\":1,\"run\":\"%s\","
			  "\"status\":\"lost\",\"final\":true,"
			  "\"verdict\":\"host_error\",\"error\":\"its host"
			  " (process %lld) has gone without a result; what it"
			  " kept until then is whole\",\"outcome\":{\"how\":"
			  "\"host_error\"},\"complete_usage\":false", id,
			  (long long) h.host_pid);
	r = store_add (s, text, strlen (text));
	if (r == LHK_OK)
		r = add_asked (s, id);
	return r == LHK_OK ? store_add (s, "}", 1) : r;
}

static int
exit_status_of (int status, int fd)
{
	struct store_head h;

	if (status != LHK_KEPT_ENDED)
		return status == LHK_KEPT_LOST ? 125 : 124;
	store_read_head (fd, &h);
	return h.exit_status < 0 ? 125 : h.exit_status;
}

int
store_answer (struct lhk_store *s, const char *id, int status, int fd,
	      uint32_t include, struct lhk_error *err)
{
	int r;

	s->answer.len = 0;
	if (status == LHK_KEPT_LOST)
		store_cut (s, id);
	s->exit_status = exit_status_of (status, fd);
	if (status == LHK_KEPT_ENDED)
		r = store_add_file (s, fd);
	else
		r = add_unended (s, id, status);
	fd_close (&fd);
	if (r < 0)
		return r == LHK_ENOMEM ? fail (err, r, 0, "no memory for the"
					       " record of '%s'", id)
			: store_fail_sys (s, id, status == LHK_KEPT_ENDED
					  ? KEEP_RESULT : KEEP_RUN, err);
	if (s->answer.len < 2 || s->answer.data[s->answer.len - 1] != '}')
		return fail (err, LHK_EPARSE, 0, "'%.100s/%s/" KEEP_RESULT "'"
			     " is not what linehook wrote: its end is missing",
			     s->dir, id);
	if (status == LHK_KEPT_ENDED && (include & LHK_INCLUDE_ASKED) != 0) {
		s->answer.len--;
		r = add_asked (s, id);
		if (r == LHK_OK)
			r = store_add (s, "}", 1);
		if (r < 0)
			return store_fail_sys (s, id, KEEP_RUN, err);
	}
	return (include & LHK_INCLUDE_STATE) != 0
		? store_add_state (s, id, err) : LHK_OK;
}

int
lhk_store_show (struct lhk_store *s, const char *id, uint32_t include,
		struct lhk_str *ret, int *ret_status, struct lhk_error *err)
{
	int r = store_check (s, id, err);
	int fd = -1;

	if (r < 0)
		return r;
	if (ret == NULL || (include & ~STORE_INCLUDES) != 0)
		return fail (err, LHK_EINVAL, 0, "show: include is 0x%x, wanted"
			     " LHK_INCLUDE_* or 0", include);
	r = store_status (s, id, &fd);
	if (r == LHK_ENOTFOUND)
		return store_not_found (s, id, err);
	if (r < 0)
		return store_fail_sys (s, id, "", err);
	if (ret_status != NULL)
		*ret_status = r;
	r = store_answer (s, id, r, fd, include, err);
	ret->ptr = s->answer.data;
	ret->len = s->answer.len;
	return r;
}

int
lhk_store_status (const struct lhk_store *s)
{
	return s == NULL || s->magic != STORE_MAGIC ? LHK_EINVAL
						    : s->exit_status;
}
