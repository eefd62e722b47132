/* SPDX-License-Identifier: MIT */
/* record_info.c - what the record of one run says. */
#include "config.h"

#include <string.h>

#include <linehook/plugin.h>

#include "cli/records/record_info.h"
#include "common/error.h"
#include "common/mem.h"

/* The members of an answer of the store that a result does not have. */
struct answer {
	struct lhk_text plugin, provider, started, ended;
	struct lhk_num started_ms, ended_ms, exit_status;
	int32_t complete;
	struct lhk_raw request, state;
};

static const struct lhk_field answer_fields[] = {
	LHK_FIELD ("plugin", LHK_FIELD_TEXT, struct answer, plugin),
	LHK_FIELD ("provider", LHK_FIELD_TEXT, struct answer, provider),
	LHK_FIELD ("started", LHK_FIELD_TEXT, struct answer, started),
	LHK_FIELD ("started_ms", LHK_FIELD_INT, struct answer, started_ms),
	LHK_FIELD ("ended", LHK_FIELD_TEXT, struct answer, ended),
	LHK_FIELD ("ended_ms", LHK_FIELD_INT, struct answer, ended_ms),
	LHK_FIELD ("exit_status", LHK_FIELD_INT, struct answer, exit_status),
	LHK_FIELD ("complete_record", LHK_FIELD_BOOL, struct answer, complete),
	LHK_FIELD ("request", LHK_FIELD_RAW, struct answer, request),
	LHK_FIELD ("state", LHK_FIELD_RAW, struct answer, state),
};
LHK_FIELDS (answer_table, struct answer, answer_fields);

/* run.json. */
struct request {
	struct lhk_text plugin, provider, started, cwd, prompt;
	struct lhk_num started_ms, host_pid;
	struct lhk_raw argv, labels;
	int32_t detached;
};

static const struct lhk_field host_fields[] = {
	LHK_FIELD ("pid", LHK_FIELD_INT, struct request, host_pid),
};
LHK_FIELDS (host_table, struct request, host_fields);

static const struct lhk_field request_fields[] = {
	LHK_FIELD ("plugin", LHK_FIELD_TEXT, struct request, plugin),
	LHK_FIELD ("provider", LHK_FIELD_TEXT, struct request, provider),
	LHK_FIELD ("started", LHK_FIELD_TEXT, struct request, started),
	LHK_FIELD ("started_ms", LHK_FIELD_INT, struct request, started_ms),
	LHK_FIELD ("detached", LHK_FIELD_BOOL, struct request, detached),
	LHK_FIELD ("argv", LHK_FIELD_RAW, struct request, argv),
	LHK_FIELD ("cwd", LHK_FIELD_TEXT, struct request, cwd),
	LHK_FIELD ("labels", LHK_FIELD_RAW, struct request, labels),
	LHK_FIELD ("prompt", LHK_FIELD_TEXT, struct request, prompt),
	{ "host", sizeof "host" - 1, LHK_FIELD_OBJECT, 0, 0, 0, &host_table },
};
LHK_FIELDS (request_table, struct request, request_fields);

/* The member of `state' that is wanted here. */
struct state {
	struct lhk_text text;
};

static const struct lhk_field state_fields[] = {
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct state, text),
};
LHK_FIELDS (state_table, struct state, state_fields);

static void
take_state (struct record_info *info, const struct lhk_raw *raw)
{
	struct state state;

	info->state = *raw;
	if (lhk_json_raw_object (raw, &state_table, &state) == LHK_OK)
		info->last_text = state.text;
}

static void
take_request (struct record_info *info, const struct lhk_raw *raw)
{
	struct request q;

	if (lhk_json_raw_object (raw, &request_table, &q) < 0)
		return;
	if (info->plugin.ptr == NULL)
		info->plugin = q.plugin;
	if (info->provider.ptr == NULL)
		info->provider = q.provider;
	if (info->started.ptr == NULL)
		info->started = q.started;
	if (info->started_ms.has == 0)
		info->started_ms = q.started_ms;
	info->request = *raw;
	info->cwd = q.cwd;
	info->prompt = q.prompt;
	info->argv = q.argv;
	info->labels = q.labels;
	info->host_pid = q.host_pid;
	info->is_detached = q.detached > 0;
}

/* A copy, with what the reader wants behind a line. */
static int
copy_text (struct record_info *info, const struct lhk_str *text)
{
	static const char padding[LHK_LINE_PADDING] = "\n";

	strbuf_add (&info->text, text->ptr, text->len);
	strbuf_add (&info->text, padding, sizeof padding);
	info->text.len = text->len;
	return strbuf_failed (&info->text);
}

static int
read_answer (struct record_info *info, const struct lhk_str *text)
{
	struct answer a;
	int r = copy_text (info, text);

	if (r == LHK_OK)
		r = lhk_json_line (info->text.data, info->text.len,
				   &answer_table, &a);
	if (r == LHK_OK)
		r = event_reader_result (&info->reader, info->text.data,
					 info->text.len, &info->result);
	if (r != LHK_OK)
		return r;
	info->plugin = a.plugin;
	info->provider = a.provider;
	info->started = a.started;
	info->ended = a.ended;
	info->started_ms = a.started_ms;
	info->ended_ms = a.ended_ms;
	info->exit_status = a.exit_status;
	info->complete = a.complete;
	take_state (info, &a.state);
	take_request (info, &a.request);
	return LHK_OK;
}

static void
begin (struct record_info *info)
{
	memset (info, 0, sizeof *info);
	event_reader_init (&info->reader, &mem_system);
	strbuf_init (&info->text, &mem_system);
}

int
record_info_parse (struct record_info *info, const char *id, int status,
		   const struct lhk_str *text, struct lhk_error *err)
{
	int r;

	begin (info);
	info->status = status;
	r = read_answer (info, text);
	if (r == LHK_OK)
		return r;
	return error_set (err, r, 0,
			  r == LHK_ENOMEM ? "no memory for the record of '%s'"
					  : "the record of '%s' is nested too"
					    " deeply to be read",
			  id);
}

int
record_info_read (struct record_info *info, struct lhk_store *store,
		  const char *id, uint32_t include, struct lhk_error *err)
{
	struct lhk_str text = { NULL, 0 };
	int status = 0;
	int r = lhk_store_show (store, id, include, &text, &status, err);

	if (r == LHK_OK)
		return record_info_parse (info, id, status, &text, err);
	begin (info);
	return r;
}

void
record_info_free (struct record_info *info)
{
	event_reader_free (&info->reader);
	strbuf_free (&info->text);
}

const char *
record_info_name (const struct lhk_text *text, char buf[RECORD_INFO_NAME_SIZE])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";
	size_t need;
	size_t n =
		lhk_text_decode (text, buf, RECORD_INFO_NAME_SIZE - 1, &need);

	buf[n] = '\0';
	return n > 0 && need == n && strspn (buf, letters) == n ? buf : NULL;
}
