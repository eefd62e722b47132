/* SPDX-License-Identifier: MIT */
/* record_fixture.c - a store in a temporary directory, and records written to
 * it. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/record_fixture.h"
#include "lib/tap.h"
#include "lib/tempdir.h"
#include "common/io.h"
#include "common/mem.h"
#include "record/layout.h"

static struct tempdir base;
static char store[512];

void
record_fixture_clear (void)
{
	if (base.dir[0] != '\0')
		tempdir_done (&base);
	base.dir[0] = '\0';
}

const char *
record_fixture_store (void)
{
	record_fixture_clear ();
	tempdir_init (&base);
	snprintf (store, sizeof store, "%s", tempdir_path (&base, "runs"));
	return store;
}

const char *
record_fixture_dir (void)
{
	return store;
}

void
record_fixture_make_dir (void)
{
	TAP_EQ_INT (mkdir (store, 0700), 0);
}

void
record_fixture_begin_labeled (struct record_writer *k, const char *id,
			      const char *const *labels, const char *prompt)
{
	static const char *const argv[] = { "true", "two words", NULL };
	const struct record_writer_about about = {
		.id = id,
		.plugin = "claude",
		.provider = "claude",
		.started = "1970-01-01T00:00:01.000Z",
		.started_ms = 1000,
		.argv = argv,
		.line_max = LHK_LINE_MAX_DEFAULT,
		.stderr_max = UINT64_MAX,
		.labels = labels,
		.prompt = prompt,
	};
	struct lhk_error err = { 0, 0, "" };

	if (!TAP_EQ_INT (
		    record_writer_begin (k, &mem_system, store, &about, &err),
		    LHK_OK))
		tap_note ("%s", err.text);
}

void
record_fixture_begin (struct record_writer *k, const char *id)
{
	record_fixture_begin_labeled (k, id, NULL, NULL);
}

static const char *
event_name (uint64_t seq, char text[32])
{
	snprintf (text, 32, "event %llu", (unsigned long long) seq);
	return text;
}

void
record_fixture_events (struct record_writer *k, uint64_t first, uint64_t n)
{
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	struct lhk_meta meta = { .size = sizeof meta,
				 .line_no = 1,
				 .line_len = 10 };
	char text[32];
	uint64_t i;

	for (i = first; i < first + n; i++) {
		meta.seq = i;
		ev.role = LHK_ROLE_ASSISTANT;
		ev.text.ptr = event_name (i, text);
		ev.text.len = strlen (text);
		record_writer_event (k, &meta, &ev.ev);
	}
	record_writer_flush (k);
}

void
record_fixture_tail (struct record_writer *k, const char *data, size_t len)
{
	TAP_EQ_INT (io_pwrite_full (k->events.fd, data, len, &k->events.at), 0);
}

void
record_fixture_finish (struct record_writer *k, int verdict, int status)
{
	struct lhk_result result = { .size = sizeof result,
				     .verdict = verdict };
	const struct record_end end = { "1970-01-01T00:00:03.000Z", 3000,
					status };

	result.outcome.size = sizeof result.outcome;
	result.outcome.end_reason = LHK_END_EXITED;
	result.outcome.has_exit = 1;
	result.outcome.exit_code = status;
	record_writer_end (k, &result, &end);
	record_writer_close (k);
}

void
record_fixture_fill (int count)
{
	char id[16];
	struct record_writer k;
	int i;

	for (i = 0; i < count; i++) {
		snprintf (id, sizeof id, "r%d", i);
		record_fixture_begin (&k, id);
		record_fixture_finish (
			&k, i % 3 == 2 ? LHK_VERDICT_FAILED : LHK_VERDICT_OK,
			0);
	}
}

struct names {
	char text[1024];
	int n, max;
};

static int
take (void *user, const struct lhk_record_info *info)
{
	struct names *names = user;

	if (strlen (names->text) + strlen (info->id) + 2 < sizeof names->text) {
		strcat (names->text, info->id);
		strcat (names->text, " ");
	}
	names->n++;
	return names->max != 0 && names->n >= names->max;
}

const char *
record_fixture_list (struct lhk_store *s, const struct lhk_record_query *q,
		     int max)
{
	static struct names names;
	struct lhk_error err = { 0, 0, "" };

	memset (&names, 0, sizeof names);
	names.max = max;
	if (lhk_store_list (s, q, take, &names, &err) < 0)
		tap_note ("%s", err.text);
	return names.text;
}

void
record_fixture_index (const char *first, const char *rest)
{
	char path[sizeof store + 16];
	FILE *f;

	snprintf (path, sizeof path, "%s/" RECORD_INDEX, store);
	f = fopen (path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL (f);
	fputs (first, f);
	fputs (rest, f);
	fclose (f);
}
