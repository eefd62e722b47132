/* SPDX-License-Identifier: MIT */
/*
 * opencode.c - lines to events, and the descriptor.
 *
 * The program prints no line for the session: its event is emitted with the
 * first line that has the id of the session.  A line of a type that is not known
 * may be of another session, such as that of a hook: then the first line of a
 * known type tells it.
 *
 * Compaction: when the context was too long for the model, an error says so, a
 * step writes a summary for the model, then comes a text made by the program,
 * then the answer.  Neither of the first two is an answer, and the step of the
 * summary ends nothing.
 */
#include "config.h"

#include <stdlib.h>

#include "opencode/opencode.h"

int
opencode_session (struct opencode *o, const struct opencode_line *line)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = line->session_id,
		.resumed = o->resumed,
	};

	if (text_empty (&e.id))
		return LHK_OK;
	id_copy_set (&o->session, &e.id);
	return emit (o->api, &e.ev);
}

/* KNOWN: the line is of a known type. */
static int
first_session (struct opencode *o, const struct opencode_line *line, int known)
{
	const struct lhk_text *id = &line->session_id;

	if (text_empty (id) || (o->session.len && !(o->guessed && known)))
		return LHK_OK;
	o->guessed = !known;
	return id_copy_is (&o->session, id) ? LHK_OK
					    : opencode_session (o, line);
}

/* A step after a claim is new work. */
static int
on_step_start (struct opencode *o, const struct opencode_line *line,
	       uint32_t flags)
{
	int again = o->claimed;

	(void) flags;
	o->claimed = 0;
	o->over = 0;
	o->stopped = 0;
	o->reason.len = 0;
	o->finished.len = 0;
	return again ? opencode_session (o, line) : LHK_OK;
}

/* Is the part of a message whose step has ended?  It is late, and no work. */
static uint32_t
late_part (const struct opencode *o, const struct opencode_part *part)
{
	return o->finished.len && id_copy_is (&o->finished, &part->message_id)
		       ? LHK_TEXT_SAME_MESSAGE
		       : 0;
}

static int
on_text (struct opencode *o, const struct opencode_line *line, uint32_t flags)
{
	const struct opencode_part *part = &line->part;
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.flags = late_part (o, part),
		.id = part->id,
		.text = part->text,
	};
	const struct lhk_text note = LIT ("the conversation was compacted");
	int r;

	/* The contents of the part were lost with the rest of the line. */
	if (flags & LHK_LINE_SALVAGED)
		return LHK_OK;
	if (e.text.ptr == NULL)
		e.text = text_of ("", 0);
	if (part->synthetic > 0 || o->compacting || part->text.ptr == NULL)
		e.flags |= LHK_TEXT_SYNTHETIC;
	if (part->metadata.compaction_continue > 0) {
		r = emit_notice (o->api, LHK_LOG_INFO, LHK_CODE_COMPACTION,
				 &note, NULL);
		if (r < 0)
			return r;
	}
	return emit (o->api, &e.ev);
}

static int
on_reasoning (struct opencode *o, const struct opencode_line *line,
	      uint32_t flags)
{
	(void) flags;
	if (line->part.text.ptr == NULL)
		return LHK_OK;
	return emit_message_text (o->api, LHK_ROLE_THOUGHT, 0, &line->part.id,
				  &line->part.text, NULL,
				  late_part (o, &line->part) != 0);
}

static int
on_tool_use (struct opencode *o, const struct opencode_line *line,
	     uint32_t flags)
{
	const struct opencode_part *part = &line->part;

	(void) flags;
	if (part->call_id.ptr == NULL && part->tool.ptr == NULL
	    && part->name.ptr == NULL)
		return LHK_SKIP;
	return opencode_tool (o, part);
}

static int
on_step_finish (struct opencode *o, const struct opencode_line *line,
		uint32_t flags)
{
	(void) flags;
	return opencode_step_finish (o, line);
}

static int
on_error (struct opencode *o, const struct opencode_line *line, uint32_t flags)
{
	(void) flags;
	return opencode_failed (o, line);
}

static int
on_done (struct opencode *o, const struct opencode_line *line, uint32_t flags)
{
	(void) flags;
	return opencode_done (o, line);
}

static const struct {
	const char *type;
	int (*fn) (struct opencode *o, const struct opencode_line *line,
		   uint32_t flags);
} lines[] = {
	{ "step_start", on_step_start },
	{ "text", on_text },
	{ "tool_use", on_tool_use },
	{ "step_finish", on_step_finish },
	{ "reasoning", on_reasoning },
	{ "error", on_error },
	{ "done", on_done },
};

static int
opencode_line_hook (void *handle, const struct lhk_line *line)
{
	struct opencode *o = handle;
	struct opencode_line l;
	size_t i;
	int r;

	if (opencode_read (line->data, line->len, &l) != LHK_OK)
		return LHK_EPARSE;
	arena_reset (&o->arena);
	for (i = 0; i < ARRAY_SIZE (lines); i++) {
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			break;
	}
	r = first_session (o, &l, i < ARRAY_SIZE (lines));
	if (r < 0)
		return r;
	return i < ARRAY_SIZE (lines) ? lines[i].fn (o, &l, line->flags)
				      : LHK_SKIP;
}

/* Kilo is a fork that prints the same lines. */
static const char *const programs[] = { "opencode", "opencode-ai",   "kilo",
					"kilocode", "@kilocode/cli", NULL };

/* Options that resume an earlier session. */
static const char *const resuming[] = { "-s", "--session", "-c", "--continue",
					NULL };
static const struct argv_resume resume = { programs, resuming, "h" };

static int
opencode_open (const struct lhk_api *api, const struct lhk_option *options,
	       size_t n_options, void **ret)
{
	struct opencode *o;

	o = calloc (1, sizeof (*o));
	if (o == NULL) {
		api->log (api->ctx, LHK_LOG_ERROR, "opencode: no memory");
		return LHK_ENOMEM;
	}
	o->api = api;
	o->resumed = argv_match_resume (options, n_options, &resume);
	arena_init (&o->arena);
	*ret = o;
	return LHK_OK;
}

static void
opencode_close (void *handle)
{
	struct opencode *o = handle;

	arena_free (&o->arena);
	free (o);
}

/* Every line has the session and a time, and a part or an error. */
static int
opencode_probe (const char *data, size_t len)
{
	struct opencode_line l;
	size_t i;

	if (opencode_read (data, len, &l) != LHK_OK
	    || text_empty (&l.session_id) || !l.timestamp.has)
		return 0;
	if (LHK_TEXT_IS (&l.type, "error"))
		return l.error.type != LHK_JSON_NONE;
	if (text_empty (&l.part.id))
		return 0;
	for (i = 0; i < ARRAY_SIZE (lines); i++) {
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			return 1;
	}
	return 0;
}

static const char *const call_ends[] = { "tool_use", NULL };

/* Its agent "plan" may run any command, and the user's settings win over it: so
 * there are no permissions but "all". */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "opencode", "run", "--format=json" } },
	{ .words = { "--model={model}" } },
	{ .words = { "--session={session}" } },
	{ .permissions = "all", .words = { "--auto" } },
	{ .words = { "{args}" } },
	{ .words = { "--", "{prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "opencode", "--session",
					      "{session}", NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g opencode-ai",
};

/* An update would exchange the program under the runs of others. */
static const char *const agent_env[] = { "OPENCODE_DISABLE_AUTOUPDATE=1",
					 NULL };

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_STDOUT_FILE | LHK_PLUGIN_CLAIMS,
	.name = "opencode",
	.provider = "opencode",
	.version = "1.0",
	.summary = "OpenCode: opencode run --format json",
	.programs = programs,
	.probe = opencode_probe,
	.open = opencode_open,
	.line_hook = opencode_line_hook,
	.flush = opencode_flush,
	.close = opencode_close,
	.hint = "add --format json",
	.call_ends = call_ends,
	.command = &command,
	.agent_env = agent_env,
	.made_for = "1.18.33",
};
