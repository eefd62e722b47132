/* SPDX-License-Identifier: MIT */
/* find.c - which run a word of a user names: an id, its beginning, `latest'. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "record/walk.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/run_id.h"

/* Runs that the sentence for an ambiguous word names; more are not looked
 * for. */
#define CANDIDATES_MAX 4

/* A search that is under way. */
struct finder {
	struct lhk_store *store;
	const char *word; /* NULL: the first run there is */
	size_t len;	  /* of the word */
	size_t n;
	int sys_errno; /* of a record that could not be looked at, or 0 */
	char ids[CANDIDATES_MAX][LHK_RECORD_ID_MAX + 1];
};

/* Is there a record of that name, readable or not?  1, 0, or -1 with errno. */
static int
is_there (struct lhk_store *s, const char *id)
{
	int result = -1;
	int status = record_store_status (s, id, &result);

	fd_close (&result);
	if (status == LHK_ESYS && record_store_is_transient (errno))
		return -1;
	return status != LHK_ENOTFOUND;
}

/* A removed run has a line, and one that was made again has two. */
static int
is_known (const struct finder *f, const char *id)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strcmp (f->ids[i], id) == 0)
			return 1;
	return 0;
}

/* Note the run of E if the word names it.  1: enough.  USER is the struct
 * finder. */
static int
visit (void *user, const struct record_entry *e)
{
	struct finder *f = user;
	int r;

	if ((f->word != NULL && strncmp (e->id, f->word, f->len) != 0)
	    || is_known (f, e->id))
		return 0;
	r = is_there (f->store, e->id);
	if (r < 0)
		f->sys_errno = errno;
	if (r <= 0)
		return r < 0;
	memcpy (f->ids[f->n++], e->id, sizeof e->id);
	return f->word == NULL || f->n == CANDIDATES_MAX;
}

/* "a, b and c", or "a, b, c and others". */
static void
name_candidates (const struct finder *f, char *text, size_t size)
{
	size_t shown = f->n < CANDIDATES_MAX ? f->n : CANDIDATES_MAX - 1;
	size_t i, len = 0;

	for (i = 0; i < shown && len < size; i++)
		len += (size_t) snprintf (text + len, size - len, "%s%.64s",
					  i == 0	  ? ""
					  : i + 1 == f->n ? " and "
							  : ", ",
					  f->ids[i]);
	if (shown < f->n && len < size)
		snprintf (text + len, size - len, " and others");
}

/* What was typed names no run. */
static int
fail_none (const struct finder *f, const char *word, struct lhk_error *err)
{
	if (f->word == NULL)
		return error_set (err, LHK_ENOTFOUND, ENOENT,
				  "there is no run in '%.120s'", f->store->dir);
	return record_store_not_found (f->store, word, err);
}

static int
search (struct finder *f, const char *word, char *ret_id, struct lhk_error *err)
{
	char names[CANDIDATES_MAX * (LHK_RECORD_ID_MAX + 8)];
	int error = f->store->fd < 0 ? 0 : record_walk (f->store, visit, f);

	if (error == 0)
		error = -f->sys_errno;
	if (error < 0)
		return error_set (err, error == -ENOMEM ? LHK_ENOMEM : LHK_ESYS,
				  -error,
				  "cannot look for run '%s' in '%.100s': %s",
				  word, f->store->dir, strerror (-error));
	if (f->n == 0)
		return fail_none (f, word, err);
	if (f->n > 1) {
		name_candidates (f, names, sizeof names);
		return error_set (err, LHK_EINVAL, 0,
				  "'%s' is the beginning of several runs, %s; "
				  "type more of the id",
				  word, names);
	}
	memcpy (ret_id, f->ids[0], sizeof f->ids[0]);
	return LHK_OK;
}

/* LHK_OK, or LHK_EINVAL: no run can be named so. */
static int
check_word (const char *word, struct lhk_error *err)
{
	if (word == NULL || word[0] == '\0')
		return error_set (
			err, LHK_EINVAL, 0,
			"the name of the run is empty; give its id, the "
			"beginning of its id, or " RUN_ID_LATEST);
	if (strchr (word, '/') != NULL)
		return error_set (
			err, LHK_EINVAL, 0,
			"'%.80s' is a path; give the id of a run, the "
			"beginning of its id, or " RUN_ID_LATEST,
			word);
	if (strcmp (word, RUN_ID_LATEST) == 0)
		return LHK_OK;
	if (!run_id_is_valid (word))
		return error_set (
			err, LHK_EINVAL, 0,
			"'%.80s' cannot name a run; give the id of a run, the "
			"beginning of its id, or " RUN_ID_LATEST,
			word);
	return LHK_OK;
}

int
lhk_store_find (struct lhk_store *s, const char *word,
		char ret_id[LHK_RECORD_ID_MAX + 1], struct lhk_error *err)
{
	struct finder f = { .store = s };
	int r = check_word (word, err);

	if (r < 0)
		return r;
	if (s == NULL || s->magic != RECORD_STORE_MAGIC || ret_id == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "to find a run, a store and room for its id "
				  "are required");
	if (record_store_dir (s) < 0 && errno != ENOENT)
		return record_store_fail_sys (s, word, "", err);
	if (strcmp (word, RUN_ID_LATEST) == 0)
		return search (&f, word, ret_id, err);
	r = s->fd < 0 ? 0 : is_there (s, word);
	if (r < 0)
		return record_store_fail_sys (s, word, "", err);
	if (r > 0) {
		memcpy (ret_id, word, strlen (word) + 1);
		return LHK_OK;
	}
	f.word = word;
	f.len = strlen (word);
	return search (&f, word, ret_id, err);
}
