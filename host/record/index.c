/* SPDX-License-Identifier: MIT */
/*
 * index.c - the newest runs first.
 *
 * The index is read from its end, and of each run a few hundred bytes: what is
 * asked for costs, not what there is.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/store.h"
#include "common/error.h"
#include "common/fd.h"

#define PIECE 16384

/* Lines of a file, the last one first. */
struct backwards {
	int fd;
	off_t at;      /* where BUF begins in the file */
	size_t len;    /* bytes of BUF not yet given out */
	int sys_errno; /* by which it ended early */
	char buf[PIECE + RECORD_INDEX_LINE];
};

static void
begin (struct backwards *b, int fd)
{
	b->fd = fd;
	b->at = lseek (fd, 0, SEEK_END);
	b->len = 0;
	b->sys_errno = b->at < 0 ? errno : 0;
}

/* Read the piece before; what is left in BUF moves behind it. */
static int
read_before (struct backwards *b)
{
	size_t want = b->at < PIECE ? (size_t) b->at : PIECE;
	ssize_t n;

	if (b->at <= 0)
		return 0;
	/* No line of ours is so long: the rest is damaged, and forgotten. */
	if (b->len > RECORD_INDEX_LINE)
		b->len = 0;
	memmove (b->buf + want, b->buf, b->len);
	n = fd_get (b->fd, b->buf, want, (uint64_t) b->at - want);
	if (n != (ssize_t) want) {
		b->sys_errno = n < 0 ? errno : EIO;
		return 0;
	}
	b->at -= (off_t) want;
	b->len += want;
	return 1;
}

/* The next line, NUL-terminated in LINE; 0: no more. */
static int
next_line (struct backwards *b, char line[RECORD_INDEX_LINE])
{
	size_t from, end;

	for (;;) {
		end = b->len;
		/* What is behind the last newline is torn, or was given. */
		while (end > 0 && b->buf[end - 1] == '\n')
			end--;
		from = end;
		while (from > 0 && b->buf[from - 1] != '\n')
			from--;
		if (from > 0 || b->at == 0)
			break;
		if (!read_before (b))
			return 0;
	}
	if (end == 0)
		return 0;
	b->len = from;
	if (end - from >= RECORD_INDEX_LINE)
		end = from;
	memcpy (line, b->buf + from, end - from);
	line[end - from] = '\0';
	return 1;
}

static int
verdict_of (const char *name)
{
	int v;

	for (v = LHK_VERDICT_OK; v <= LHK_VERDICT_HOST_ERROR; v++)
		if (strcmp (lhk_verdict_name (v), name) == 0)
			return v;
	return 0;
}

static void
fill (struct lhk_record_info *k, const struct store_head *h, int status)
{
	memcpy (k->plugin, h->plugin, sizeof k->plugin);
	memcpy (k->provider, h->provider, sizeof k->provider);
	k->status = status;
	k->verdict = status == LHK_RECORD_ENDED	 ? verdict_of (h->verdict)
		     : status == LHK_RECORD_LOST ? LHK_VERDICT_HOST_ERROR
						 : 0;
	k->ended_ms = h->ended_ms;
}

/* What is walked through, and what for. */
struct walk {
	struct lhk_store *store;
	const struct lhk_record_query *query;
	int (*fn) (void *user, const struct lhk_record_info *kept);
	void *user;
	uint64_t n;    /* given out */
	int sys_errno; /* one could not be looked at: this one */
	char bad[LHK_RECORD_ID_MAX + 1];
	char last[LHK_RECORD_ID_MAX + 1];
};

static int
is_wanted (const struct lhk_record_query *q, const struct lhk_record_info *k)
{
	return (q->status == 0 || q->status == k->status)
	       && (q->provider == NULL
		   || strcmp (q->provider, k->provider) == 0);
}

/* 1: it is there; 0; -1 with errno. */
static int
look (struct lhk_store *s, struct lhk_record_info *k)
{
	struct store_head h;
	int result = -1;
	int status = store_status (s, k->id, &result);
	int r = 0;

	if (status < 0)
		return status == LHK_ENOTFOUND ? 0 : -1;
	r = store_head_of (s, k->id, status, result, &h);
	fd_close (&result);
	if (r < 0)
		return -1;
	fill (k, &h, status);
	/* Not known when the index was made. */
	if (k->started_ms == 0)
		k->started_ms = h.started_ms;
	/* An id that was removed and used again is listed twice. */
	return h.started_ms == 0 || h.started_ms == k->started_ms;
}

int
store_parse_line (const char *line, struct store_entry *e)
{
	char *end;

	e->started_ms = strtoll (line, &end, 10);
	if (end == line || *end != ' ' || !record_id_ok (end + 1))
		return 0;
	memcpy (e->id, end + 1, strlen (end + 1) + 1);
	return 1;
}

/* The others are listed, and then it is said. */
static int
note_bad (struct walk *w, const char *id)
{
	if (w->sys_errno == 0) {
		w->sys_errno = errno;
		memcpy (w->bad, id, strlen (id) + 1);
	}
	return 0;
}

/* 1: enough; 0: go on. */
static int
give (struct walk *w, const struct store_entry *e)
{
	const struct lhk_record_query *q = w->query;
	struct lhk_record_info kept = { .size = sizeof kept,
					.started_ms = e->started_ms };
	int r;

	if (strcmp (e->id, w->last) == 0
	    || (q->since_ms != 0 && e->started_ms < q->since_ms)
	    || (q->before_ms != 0 && e->started_ms >= q->before_ms))
		return 0;
	memcpy (kept.id, e->id, sizeof kept.id);
	r = look (w->store, &kept);
	if (r < 0)
		return note_bad (w, e->id);
	if (r == 0 || !is_wanted (q, &kept))
		return 0;
	memcpy (w->last, e->id, sizeof w->last);
	w->n++;
	return w->fn (w->user, &kept) != 0 || w->n == q->most;
}

/* 0, or an errno. */
static int
walk_index (struct walk *w, int fd)
{
	char line[RECORD_INDEX_LINE];
	struct store_entry e;
	struct backwards b;
	int r = 0;

	begin (&b, fd);
	while (r == 0 && next_line (&b, line))
		if (store_parse_line (line, &e))
			r = give (w, &e);
	return b.sys_errno;
}

/* Without an index that all are in: by the directories, and the next one
 * finds an index if it can be written. */
static int
walk_all (struct walk *w)
{
	struct store_entries all = { .n = 0 };
	int error = store_renew (w->store, &all);
	int r = 0;
	size_t i;

	if (error != 0) {
		store_forget (w->store, &all);
		error = store_collect (w->store, &all);
	}
	for (i = all.n; error == 0 && r == 0 && i > 0; i--)
		r = give (w, &all.items[i - 1]);
	store_forget (w->store, &all);
	return error;
}

/* 1: all runs are in it; 0; -1 with errno. */
static int
open_index (struct lhk_store *s, int *ret)
{
	char first[sizeof RECORD_INDEX_WHOLE] = "";

	*ret = fd_openat (s->fd, RECORD_INDEX,
			  O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	if (*ret < 0)
		return errno == ENOENT ? 0 : -1;
	if (fd_get (*ret, first, sizeof first - 1, 0) < 0)
		return -1;
	return strcmp (first, RECORD_INDEX_WHOLE) == 0;
}

int
lhk_store_list (struct lhk_store *s, const struct lhk_record_query *query,
		int (*fn) (void *user, const struct lhk_record_info *kept),
		void *user, struct lhk_error *err)
{
	const struct lhk_record_query all = LHK_RECORD_QUERY_INIT;
	struct walk w = { .store = s,
			  .query = query == NULL ? &all : query,
			  .fn = fn,
			  .user = user };
	int whole, error, fd = -1;

	if (s == NULL || s->magic != STORE_MAGIC || fn == NULL
	    || w.query->size != sizeof *w.query)
		return error_set (
			err, LHK_EINVAL, 0,
			"list of runs: a store, a"
			" query that begins with LHK_RECORD_QUERY_INIT and a"
			" function are wanted");
	if (store_dir (s) < 0 && errno == ENOENT)
		return LHK_OK;
	whole = s->fd < 0 ? -1 : open_index (s, &fd);
	error = whole < 0 ? errno : whole ? walk_index (&w, fd) : walk_all (&w);
	fd_close (&fd);
	if (error == 0 && w.sys_errno != 0) {
		errno = w.sys_errno;
		return store_fail_sys (s, w.bad, "", err);
	}
	if (error != 0)
		return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS,
				  error, "cannot list the runs in '%.120s': %s",
				  s->dir, strerror (error));
	return LHK_OK;
}
