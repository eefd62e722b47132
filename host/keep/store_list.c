/* SPDX-License-Identifier: MIT */
/*
 * store_list.c - the newest runs first.
 *
 * The index is read from its end, and of each run a few hundred bytes: what is
 * asked for costs, not what there is.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keep/store.h"
#include "util/error.h"
#include "util/fd.h"

#define PIECE 16384

/* Lines of a file, the last one first. */
struct backwards {
	int fd;
	off_t at;		/* where BUF begins in the file */
	size_t len;		/* bytes of BUF not yet given out */
	char buf[PIECE + KEEP_INDEX_LINE];
};

static void
begin (struct backwards *b, int fd)
{
	struct stat st;

	b->fd = fd;
	b->at = fstat (fd, &st) == 0 ? st.st_size : 0;
	b->len = 0;
}

/* Read the piece before; what is left in BUF moves behind it. */
static int
read_before (struct backwards *b)
{
	size_t want = b->at < PIECE ? (size_t) b->at : PIECE;
	ssize_t n;

	if (want == 0)
		return 0;
	/* No line of ours is so long: the rest is damaged, and forgotten. */
	if (b->len > KEEP_INDEX_LINE)
		b->len = 0;
	memmove (b->buf + want, b->buf, b->len);
	n = pread (b->fd, b->buf, want, b->at - (off_t) want);
	if (n != (ssize_t) want)
		return 0;
	b->at -= (off_t) want;
	b->len += want;
	return 1;
}

/* The next line, NUL-terminated in LINE; 0: no more. */
static int
next_line (struct backwards *b, char line[KEEP_INDEX_LINE])
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
	if (end - from >= KEEP_INDEX_LINE)
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
fill (struct lhk_kept *k, const struct store_head *h, int status)
{
	memcpy (k->plugin, h->plugin, sizeof k->plugin);
	memcpy (k->provider, h->provider, sizeof k->provider);
	k->status = status;
	k->verdict = status == LHK_KEPT_ENDED ? verdict_of (h->verdict)
		: status == LHK_KEPT_LOST ? LHK_VERDICT_HOST_ERROR : 0;
	k->ended_ms = h->ended_ms;
}

/* 1: it is there and wanted. */
static int
look (struct lhk_store *s, const struct lhk_kept_query *q, struct lhk_kept *k)
{
	struct store_head h = { .started_ms = 0 };
	int result = -1;
	int status = store_status (s, k->id, &result);
	int fd;

	if (status < 0)
		return 0;
	fd = store_open_head (s, k->id, status, result);
	if (fd >= 0)
		store_read_head (fd, &h);
	if (fd != result)
		fd_close (&fd);
	fd_close (&result);
	/* An id that was removed and used again is listed twice. */
	if (h.started_ms != 0 && h.started_ms != k->started_ms)
		return 0;
	fill (k, &h, status);
	return (q->status == 0 || q->status == status)
		&& (q->provider == NULL
		    || strcmp (q->provider, k->provider) == 0);
}

/* A line of the index.  1: a run of the time asked for. */
static int
parse (const char *line, const struct lhk_kept_query *q, struct lhk_kept *k)
{
	char *end;

	memset (k, 0, sizeof *k);
	k->size = sizeof *k;
	k->started_ms = strtoll (line, &end, 10);
	if (end == line || *end != ' ' || !keep_id_ok (end + 1))
		return 0;
	memcpy (k->id, end + 1, strlen (end + 1) + 1);
	return (q->since_ms == 0 || k->started_ms >= q->since_ms)
		&& (q->before_ms == 0 || k->started_ms < q->before_ms);
}

static void
walk (struct lhk_store *s, struct backwards *b,
      const struct lhk_kept_query *q,
      int (*fn) (void *user, const struct lhk_kept *kept), void *user)
{
	char line[KEEP_INDEX_LINE];
	char last[LHK_KEPT_ID_MOST + 1] = "";
	struct lhk_kept kept;
	uint64_t n = 0;

	while ((q->most == 0 || n < q->most) && next_line (b, line)) {
		if (!parse (line, q, &kept) || strcmp (kept.id, last) == 0
		    || !look (s, q, &kept))
			continue;
		memcpy (last, kept.id, sizeof last);
		n++;
		if (fn (user, &kept) != 0)
			return;
	}
}

int
lhk_store_each (struct lhk_store *s, const struct lhk_kept_query *query,
		int (*fn) (void *user, const struct lhk_kept *kept),
		void *user, struct lhk_error *err)
{
	const struct lhk_kept_query all = LHK_KEPT_QUERY_INIT;
	const struct lhk_kept_query *q = query == NULL ? &all : query;
	struct backwards b;
	int fd, r;

	if (s == NULL || s->magic != STORE_MAGIC || fn == NULL
	    || q->size != sizeof *q)
		return fail (err, LHK_EINVAL, 0, "list of runs: a store, a"
			     " query that begins with LHK_KEPT_QUERY_INIT and a"
			     " function are wanted");
	if (store_dir (s) < 0)
		return LHK_OK;
	fd = fd_lift (openat (s->fd, KEEP_INDEX, O_RDONLY | O_CLOEXEC
			      | O_NOFOLLOW));
	if (fd < 0 && errno == ENOENT) {
		r = lhk_store_tidy (s, err);
		if (r < 0)
			return r;
		fd = fd_lift (openat (s->fd, KEEP_INDEX, O_RDONLY | O_CLOEXEC
				      | O_NOFOLLOW));
	}
	if (fd < 0)
		return fail (err, LHK_ESYS, errno, "cannot read '%.120s/"
			     KEEP_INDEX "': %s", s->dir, strerror (errno));
	begin (&b, fd);
	walk (s, &b, q, fn, user);
	fd_close (&fd);
	return LHK_OK;
}
