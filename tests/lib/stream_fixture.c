/* SPDX-License-Identifier: MIT */
/* stream_fixture.c - a host with mock plugins, one stream, and a log of its
 * events. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"
#include "run/stream.h"

static void
take_log (void *user, const struct lhk_log *record)
{
	struct stream_fixture *r = user;
	const char *const *f = record->fields;
	char *out = r->logs[r->n_logs % STREAM_FIXTURE_LOGS];
	size_t size = sizeof r->logs[0];
	int n = snprintf (out, size, "%s %s", record->code, record->text);

	for (; f[0] != NULL && n > 0 && (size_t) n < size; f += 2)
		n += snprintf (out + n, size - (size_t) n, " %s=%s", f[0],
			       f[1]);
	r->n_logs++;
}

static void
take_event (void *user, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	struct stream_fixture *r = user;

	event_log_event (&r->events, meta, event);
}

static void
take_raw (void *user, const char *data, size_t len)
{
	struct stream_fixture *r = user;

	(void) data;
	r->raw_bytes += len;
}

int64_t
stream_fixture_clock (void *user)
{
	struct stream_fixture *r = user;

	return r->now_ms;
}

void
stream_fixture_init (struct stream_fixture *r, size_t budget)
{
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	struct lhk_host_opts host = LHK_HOST_OPTS_INIT;

	memset (r, 0, sizeof *r);
	failing_init (&r->memory);
	event_log_init (&r->events);
	host.user = r;
	host.log = take_log;
	host.alloc = &r->memory.alloc;
	host.buffer_budget = budget;
	if (lhk_host_new (&host, &r->host, &r->err) != LHK_OK
	    || lhk_host_add_plugin (r->host, &mock_plugin, &r->err) != LHK_OK
	    || lhk_host_add_plugin (r->host, &plain_plugin, &r->err)
		       != LHK_OK) {
		fprintf (stderr, "stream_fixture: %s\n", r->err.text);
		abort ();
	}
	opts.on_event = take_event;
	opts.on_raw = take_raw;
	opts.user = r;
	r->opts = opts;
}

int
stream_fixture_start (struct stream_fixture *r, const char *plugin)
{
	const struct lhk_plugin_ref *ref = NULL;

	if (lhk_host_plugin (r->host, plugin, &ref, &r->err) != LHK_OK)
		abort ();
	return lhk_stream_new (r->host, ref, &r->opts, &r->stream, &r->err);
}

void
stream_fixture_open (struct stream_fixture *r, const char *plugin)
{
	stream_fixture_init (r, 0);
	TAP_EQ_INT (stream_fixture_start (r, plugin), LHK_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL (r->stream);
}

void
stream_fixture_feed (struct stream_fixture *r, const char *data, size_t len,
		     size_t chunk)
{
	size_t n;

	for (; len > 0; data += n, len -= n) {
		n = chunk == 0 || len < chunk ? len : chunk;
		if (lhk_stream_write (r->stream, data, n) != LHK_OK)
			CU_FAIL ("write failed");
	}
}

void
stream_fixture_write (struct stream_fixture *r, const char *text)
{
	stream_fixture_feed (r, text, strlen (text), 0);
}

void
stream_fixture_long (struct stream_fixture *r, size_t n, size_t chunk)
{
	char *data = malloc (n);

	if (data == NULL)
		abort ();
	memset (data, 'x', n);
	data[0] = 't';
	stream_fixture_feed (r, data, n, chunk);
	free (data);
}

struct lhk_stream_stats
stream_fixture_stats (const struct stream_fixture *r)
{
	struct lhk_stream_stats stats;

	lhk_stream_stats (r->stream, &stats);
	return stats;
}

const struct lhk_result *
stream_fixture_finish (struct stream_fixture *r)
{
	static const struct lhk_result none;
	const struct lhk_result *result = &none;

	TAP_EQ_INT (lhk_stream_finish (r->stream, NULL, &result), LHK_OK);
	return result;
}

size_t
stream_fixture_logs (const struct stream_fixture *r, const char *code)
{
	size_t n = 0;
	uint64_t i;

	for (i = 0; i < r->n_logs && i < STREAM_FIXTURE_LOGS; i++)
		n += strncmp (r->logs[i], code, strlen (code)) == 0;
	return n;
}

void
stream_fixture_done (struct stream_fixture *r)
{
	int has_handle = r->stream != NULL && !r->stream->is_quarantined;
	int handles = mock_plugin_open_handles - has_handle;

	lhk_stream_free (r->stream);
	lhk_host_free (r->host);
	TAP_EQ_INT (r->events.faults, 0);
	TAP_EQ_INT (r->memory.held, 0);
	CU_ASSERT (failing_clean (&r->memory));
	TAP_EQ_INT (mock_plugin_open_handles, handles);
	event_log_done (&r->events);
}
