/* SPDX-License-Identifier: MIT */
/* scenario_record.c - scenarios in which records are read, and the check of
 * a record that a run has left. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/writer.h"
#include "lib/faults.h"
#include "lib/record_check.h"
#include "lib/scenario.h"
#include "common/mem.h"

/* A run that has lost a part of its record must have said so. */
const char *
scenario_check_record (const struct scenario_env *env, const char *dir,
		       uint64_t n_lines)
{
	int degraded = (env->observed.flags & LHK_FLAG_DEGRADED) != 0;
	struct record_found found;
	const char *complaint = record_check (dir, "kept", &found);
	int complete =
		found.status == LHK_RECORD_ENDED && found.events == n_lines;

	if (complaint != NULL || env->observed.code < 0)
		return complaint != NULL || found.status == 0
			       ? complaint
			       : "a run that was not started has a record";
	if (env->observed.verdict != LHK_VERDICT_OK)
		return NULL;
	if (!degraded && env->observed.n_notices != 0)
		return "a notice, and not degraded";
	if (env->observed.n_notices > 1)
		return "more than one notice";
	if (!complete && !degraded)
		return "the record is not complete, and nothing says so";
	return complete || env->observed.n_notices == 1
		       ? NULL
		       : "the record is not complete, and nothing says why";
}

/* ---- records that are read ---- */

struct reading {
	struct scenario_env *env;
	struct lhk_store *store;
	struct record_writer live;
	int removed; /* the one that was lost */
	char dir[280];
};

static void
observe (struct reading *r, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		r->env->observed.text_sum = r->env->observed.text_sum * 31
					    + (unsigned char) text[i];
	r->env->observed.text_len += len;
}

/* Note the outcome of one call.  0: it succeeded. */
static int
failed (struct reading *r, int code, const char *where)
{
	if (code >= 0)
		return 0;
	r->env->observed.code = code;
	r->env->observed.where = where;
	return -1;
}

static void
make (struct reading *r, const char *id, struct record_writer *k)
{
	static const char *const argv[] = { "true", NULL };
	const struct record_writer_about about = {
		.id = id,
		.plugin = "raw",
		.provider = "raw",
		.started = "1970-01-01T00:00:01.000Z",
		.started_ms = 1000,
		.argv = argv,
	};
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	struct lhk_meta meta = { .size = sizeof meta };

	if (record_writer_begin (k, &mem_system, r->dir, &about, NULL) < 0)
		abort ();
	for (meta.seq = 1; meta.seq <= 5; meta.seq++)
		record_writer_event (k, &meta, &ev.ev);
	record_writer_flush (k);
}

/* Make three records: of a run that has ended, one that was lost, one that is
 * still running. */
static void
make_all (struct reading *r)
{
	struct lhk_result result = { .size = sizeof result,
				     .verdict = LHK_VERDICT_OK };
	const struct record_end end = { "1970-01-01T00:00:03.000Z", 3000, 0 };
	struct record_writer k;

	result.outcome.size = sizeof result.outcome;
	result.outcome.end_reason = LHK_END_EXITED;
	make (r, "done", &k);
	record_writer_end (&k, &result, &end);
	record_writer_close (&k);
	make (r, "dead", &k);
	record_writer_close (&k);
	make (r, "live", &r->live);
}

static int
show (struct reading *r, const char *id, int wanted)
{
	struct lhk_str text;
	int status = 0;
	int code = lhk_store_show (r->store, id, LHK_INCLUDE_REQUEST, &text,
				   &status, &r->env->observed.err);

	if (code >= 0 && status != wanted)
		r->env->observed.complaint = "a run is taken for another kind";
	if (code >= 0)
		observe (r, text.ptr, 60);
	return failed (r, code, "lhk_store_show");
}

static int
take (void *user, const struct lhk_record_info *kept)
{
	struct reading *r = user;
	int wanted = strcmp (kept->id, "done") == 0   ? LHK_RECORD_ENDED
		     : strcmp (kept->id, "dead") == 0 ? LHK_RECORD_LOST
						      : LHK_RECORD_RUNNING;
	int damaged =
		kept->status == LHK_RECORD_DAMAGED && faults_failed () > 0;

	/* Its line is still in the index, and whether it is there is not known. */
	if (damaged && r->removed && wanted == LHK_RECORD_LOST)
		return 0;
	/* A sum, since the order of records that cannot be read is not
	 * defined.  Of such a one the status says that its members are missing. */
	r->env->observed.text_sum +=
		(uint32_t) kept->id[0] * 7
		+ (uint32_t) (damaged ? 'r' : kept->plugin[0]);
	r->env->observed.text_len++;
	if (kept->status != wanted && !damaged)
		r->env->observed.complaint = "a run is listed as another kind";
	return 0;
}

static int
list (struct reading *r)
{
	return failed (
		r,
		lhk_store_list (r->store, NULL, take, r, &r->env->observed.err),
		"lhk_store_list");
}

static int
follow (struct reading *r, const char *id, uint64_t from, int wanted)
{
	struct lhk_cursor *c = NULL;
	struct lhk_str line;
	int code = lhk_cursor_open (r->store, id, from, 0, &c,
				    &r->env->observed.err);

	while (code == LHK_OK) {
		code = lhk_cursor_next (c, &line, &r->env->observed.err);
		if (code == LHK_OK)
			observe (r, line.ptr, line.len);
	}
	lhk_cursor_free (c);
	return code == wanted ? 0 : failed (r, code, "lhk_cursor_next");
}

static int
await (struct reading *r, const char *id, int wanted)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_str text;
	int status = 0;
	int code;

	o.timeout_ms = 1;
	code = lhk_store_wait (r->store, id, &o, &text, &status,
			       &r->env->observed.err);
	return code == wanted ? 0 : failed (r, code, "lhk_store_wait");
}

/* Use every call of a store, until one fails. */
static void
read_records (struct reading *r)
{
	struct lhk_error *err = &r->env->observed.err;

	if (failed (r,
		    lhk_store_open (r->dir, &r->env->memory.alloc, &r->store,
				    err),
		    "lhk_store_open")
		    < 0
	    || show (r, "done", LHK_RECORD_ENDED) < 0
	    || show (r, "dead", LHK_RECORD_LOST) < 0
	    || show (r, "live", LHK_RECORD_RUNNING) < 0 || list (r) < 0
	    || follow (r, "done", 1, LHK_END) < 0
	    || follow (r, "dead", 3, LHK_ESTATE) < 0
	    || await (r, "done", LHK_OK) < 0
	    || failed (r, lhk_store_repair (r->store, err), "lhk_store_repair")
		       < 0
	    || failed (r, lhk_store_cancel (r->store, "live", 0, err),
		       "lhk_store_cancel")
		       < 0
	    || failed (r, lhk_store_remove (r->store, "dead", err),
		       "lhk_store_remove")
		       < 0)
		return;
	r->removed = 1;
	if (list (r) == 0)
		observe (r, "end", 3);
}

/* Apart from the other calls: the kernel closes a listening socket with some
 * delay. */
static void
wait_for_record (struct reading *r)
{
	if (failed (r,
		    lhk_store_open (r->dir, &r->env->memory.alloc, &r->store,
				    &r->env->observed.err),
		    "lhk_store_open")
		    < 0
	    || follow (r, "live", 1, LHK_AGAIN) < 0
	    || await (r, "live", LHK_ETIMEOUT) < 0)
		return;
	observe (r, "end", 3);
}

static int
with_records (struct scenario_env *env, void (*fn) (struct reading *r))
{
	static const char *const stay[] = { "live/run.json", "done/result.json",
					    "live/events.ndjson" };
	struct reading r = { .env = env };
	char path[320];
	size_t i;

	snprintf (r.dir, sizeof r.dir, "%s/runs", env->tmp.dir);
	faults_pause ();
	make_all (&r);
	faults_resume ();
	fn (&r);
	lhk_store_free (r.store);
	faults_pause ();
	for (i = 0; i < 3; i++) {
		snprintf (path, sizeof path, "%s/%s", r.dir, stay[i]);
		if (access (path, F_OK) < 0)
			env->observed.complaint = "what must stay was removed";
	}
	record_writer_close (&r.live);
	tempdir_remove (&env->tmp, "runs");
	faults_resume ();
	return env->observed.code;
}

int
scenario_run_store (struct scenario_env *env)
{
	return with_records (env, read_records);
}

int
scenario_run_wait (struct scenario_env *env)
{
	return with_records (env, wait_for_record);
}
