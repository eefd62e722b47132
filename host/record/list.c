/* SPDX-License-Identifier: MIT */
/*
 * list.c - the newest runs first.
 *
 * The index is read from its end, and of each run a few hundred bytes: the
 * cost is that of the runs asked for, not of the runs there are.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "record/labels.h"
#include "record/walk.h"
#include "common/error.h"
#include "common/fd.h"

/* A list that is under way. */
struct list {
	struct lhk_store *store;
	const struct lhk_record_query *query;
	int (*fn) (void *user, const struct lhk_record_info *info);
	void *user;
	uint64_t n;    /* given out */
	int sys_errno; /* a record could not be looked at, the first one: */
	char bad[LHK_RECORD_ID_MAX + 1];
	char last[LHK_RECORD_ID_MAX + 1]; /* given out last */
};

static int
verdict_by_name (const char *name)
{
	int v;

	for (v = LHK_VERDICT_OK; v <= LHK_VERDICT_HOST_ERROR; v++)
		if (strcmp (lhk_verdict_name (v), name) == 0)
			return v;
	return 0;
}

static void
fill_info (struct lhk_record_info *info, const struct record_head *h,
	   int status)
{
	memcpy (info->plugin, h->plugin, sizeof info->plugin);
	memcpy (info->provider, h->provider, sizeof info->provider);
	info->status = status;
	info->verdict = status == LHK_RECORD_ENDED
				? verdict_by_name (h->verdict)
			: status == LHK_RECORD_RUNNING ? 0
						       : LHK_VERDICT_HOST_ERROR;
	info->ended_ms = h->ended_ms;
	info->is_detached = h->is_detached;
}

static int
has_status (int32_t wanted, const struct lhk_record_info *info)
{
	if (wanted == LHK_RECORD_FAILED)
		return info->status != LHK_RECORD_RUNNING
		       && info->verdict != LHK_VERDICT_OK;
	return wanted == 0 || wanted == info->status;
}

/* 1 or 0; -1 with errno. */
static int
is_wanted (struct list *l, const struct lhk_record_info *info)
{
	const struct lhk_record_query *q = l->query;

	if (!has_status (q->status, info)
	    || (q->verdict != 0 && q->verdict != info->verdict)
	    || (q->provider != NULL
		&& strcmp (q->provider, info->provider) != 0))
		return 0;
	return q->label == NULL
	       || record_labels_match (l->store, info->id, q->label);
}

/* Read the head of the run that INFO names.  1; 0: it is not that run; -1 with
 * errno. */
static int
read_info (struct lhk_store *s, struct lhk_record_info *info)
{
	struct record_head h;
	int result = -1;
	int status = record_store_status (s, info->id, &result);
	int r = 0;

	if (status < 0)
		return status == LHK_ENOTFOUND ? 0 : -1;
	r = record_store_head (s, info->id, status, result, &h);
	fd_close (&result);
	if (r < 0)
		return -1;
	fill_info (info, &h, status);
	/* It was not known when the index was made. */
	if (info->started_ms == 0)
		info->started_ms = h.started_ms;
	/* An id that was removed and used again has two lines. */
	return h.started_ms == 0 || h.started_ms == info->started_ms;
}

/* A record that cannot be read is listed as damaged.  If nothing can be read
 * now, the others are listed, and the first failure is reported.  1 or 0. */
static int
note_bad (struct list *l, struct lhk_record_info *info)
{
	const struct record_head none = RECORD_HEAD_NONE;

	if (!record_store_is_transient (errno)) {
		fill_info (info, &none, LHK_RECORD_DAMAGED);
		return 1;
	}
	if (l->sys_errno == 0) {
		l->sys_errno = errno;
		memcpy (l->bad, info->id, sizeof l->bad);
	}
	return 0;
}

/* Give out the run of E if it is wanted.  1: enough; 0: go on.  USER is the
 * struct list. */
static int
visit (void *user, const struct record_entry *e)
{
	struct list *l = user;
	const struct lhk_record_query *q = l->query;
	struct lhk_record_info info = { .size = sizeof info,
					.started_ms = e->started_ms };
	int r;

	if (strcmp (e->id, l->last) == 0
	    || (q->since_ms != 0 && e->started_ms < q->since_ms)
	    || (q->before_ms != 0 && e->started_ms >= q->before_ms))
		return 0;
	memcpy (info.id, e->id, sizeof info.id);
	r = read_info (l->store, &info);
	if (r < 0)
		r = note_bad (l, &info);
	if (r > 0)
		r = is_wanted (l, &info);
	if (r < 0)
		note_bad (l, &info);
	if (r <= 0)
		return 0;
	memcpy (l->last, e->id, sizeof l->last);
	l->n++;
	return l->fn (l->user, &info) != 0 || l->n == q->max;
}

int
lhk_store_list (struct lhk_store *s, const struct lhk_record_query *query,
		int (*fn) (void *user, const struct lhk_record_info *info),
		void *user, struct lhk_error *err)
{
	const struct lhk_record_query all = LHK_RECORD_QUERY_INIT;
	struct list l = { .store = s,
			  .query = query == NULL ? &all : query,
			  .fn = fn,
			  .user = user };
	int error;

	if (s == NULL || s->magic != RECORD_STORE_MAGIC || fn == NULL
	    || l.query->size != sizeof *l.query)
		return error_set (
			err, LHK_EINVAL, 0,
			"list of runs: a store, a query that begins with "
			"LHK_RECORD_QUERY_INIT and a function are required");
	if (record_store_dir (s) < 0 && errno == ENOENT)
		return LHK_OK;
	error = s->fd < 0 ? -errno : record_walk (s, visit, &l);
	if (error == 0 && l.sys_errno != 0) {
		errno = l.sys_errno;
		return record_store_fail_sys (s, l.bad, "", err);
	}
	if (error < 0)
		return error_set (err, error == -ENOMEM ? LHK_ENOMEM : LHK_ESYS,
				  -error,
				  "cannot list the runs in '%.120s': %s",
				  s->dir, strerror (-error));
	return LHK_OK;
}
