/* SPDX-License-Identifier: MIT */
/*
 * pi.c - lines to events, and the descriptor.
 *
 * The first line names the session, each message of the assistant its model: the
 * session is told again when the model becomes known or is another one, and when
 * work begins after a claim.
 */
#include "config.h"

#include <stdlib.h>

#include "pi/pi.h"

int
pi_session_again (struct pi *p)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = id_copy_text (&p->session),
		.model = id_copy_text (&p->model),
		.resumed = p->resumed,
	};

	return text_empty (&e.id) ? LHK_OK : emit (p->api, &e.ev);
}

static int
on_session (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = line->id,
		.cwd = line->cwd,
		.resumed = p->resumed,
	};

	(void) flags;
	if (text_empty (&e.id))
		return LHK_SKIP;
	id_copy_set (&p->session, &e.id);
	p->model.len = 0;
	return emit (p->api, &e.ev);
}

/* Work that begins after a claim. */
static int
on_agent_start (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	int again = p->claimed;

	(void) line;
	(void) flags;
	p->claimed = 0;
	return again ? pi_session_again (p) : LHK_OK;
}

static int
on_nothing (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	(void) p;
	(void) line;
	(void) flags;
	return LHK_OK;
}

static int
on_compaction_start (struct pi *p, const struct pi_line *line, uint32_t flags)
{
	(void) line;
	(void) flags;
	return emit_notice (p->api, LHK_LOG_INFO, LHK_CODE_COMPACTION,
			    &LIT ("the conversation is being compacted"), NULL);
}

/* Names with "auto_" are those of older versions. */
static const struct {
	const char *type;
	int (*fn) (struct pi *p, const struct pi_line *line, uint32_t flags);
} lines[] = {
	{ "message_update", pi_message_update },
	{ "message_start", pi_message_start },
	{ "message_end", pi_message_end },
	{ "tool_execution_start", pi_tool_start },
	{ "tool_execution_update", pi_tool_update },
	{ "tool_execution_end", pi_tool_end },
	{ "turn_start", on_nothing },
	{ "turn_end", on_nothing },
	{ "agent_start", on_agent_start },
	{ "agent_end", pi_agent_end },
	{ "agent_settled", pi_agent_settled },
	{ "session", on_session },
	{ "auto_retry_start", pi_retry },
	{ "auto_retry_end", on_nothing },
	{ "summarization_retry_scheduled", pi_summary_retry },
	{ "summarization_retry_attempt_start", on_nothing },
	{ "summarization_retry_finished", on_nothing },
	{ "compaction_start", on_compaction_start },
	{ "compaction_end", pi_compaction_end },
	{ "auto_compaction_start", on_compaction_start },
	{ "auto_compaction_end", pi_compaction_end },
	{ "entry_appended", on_nothing },
	{ "queue_update", on_nothing },
	{ "session_info_changed", on_nothing },
	{ "thinking_level_changed", on_nothing },
};

static int
pi_line_hook (void *handle, const struct lhk_line *line)
{
	struct pi *p = handle;
	struct pi_line l;
	size_t i;

	if (pi_read (p, line->data, line->len, &l) != LHK_OK)
		return LHK_EPARSE;
	arena_reset (&p->arena);
	for (i = 0; i < ARRAY_SIZE (lines); i++) {
		if (lhk_text_is (&l.type, lines[i].type,
				 strlen (lines[i].type)))
			return lines[i].fn (p, &l, line->flags);
	}
	return LHK_SKIP;
}

static const char *const programs[] = { "pi", "pi-coding-agent",
					"@earendil-works/pi-coding-agent",
					"@mariozechner/pi-coding-agent", NULL };

/* Options that resume an earlier session. */
static const char *const resuming[] = { "-c",	     "--continue",
					"-r",	     "--resume",
					"--session", "--session-id",
					"--fork",    NULL };
static const struct argv_resume resume = { programs, resuming, "" };

static int
pi_open (const struct lhk_api *api, const struct lhk_option *options,
	 size_t n_options, void **ret)
{
	struct pi *p;

	p = calloc (1, sizeof (*p));
	if (p != NULL) {
		p->shapes = pi_shapes ();
		if (p->shapes == NULL) {
			free (p);
			p = NULL;
		}
	}
	if (p == NULL) {
		api->log (api->ctx, LHK_LOG_ERROR, "pi: no memory");
		return LHK_ENOMEM;
	}
	p->api = api;
	p->resumed = argv_match_resume (options, n_options, &resume);
	arena_init (&p->arena);
	*ret = p;
	return LHK_OK;
}

static void
pi_close (void *handle)
{
	struct pi *p = handle;

	arena_free (&p->arena);
	free (p->shapes);
	free (p);
}

/* Lines of these types are of no other program if they name a call so. */
static const char *const tool_lines[] = {
	"tool_execution_start",
	"tool_execution_update",
	"tool_execution_end",
};

static int
is_tool_line (const struct pi_line *l)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (tool_lines); i++)
		if (lhk_text_is (&l->type, tool_lines[i],
				 strlen (tool_lines[i])))
			return l->call_id.ptr != NULL && l->tool.ptr != NULL;
	return 0;
}

/* The lines of Anthropic's own stream have such types, too; but their messages
 * have no time. */
static int
is_message_line (const struct pi_line *l)
{
	return (LHK_TEXT_IS (&l->type, "message_start")
		|| LHK_TEXT_IS (&l->type, "message_end"))
	       && l->message.role.ptr != NULL
	       && l->message.timestamp.type == LHK_JSON_NUMBER;
}

static int
pi_probe (const char *data, size_t len)
{
	struct pi_line l;

	if (lhk_json_line (data, len, pi_fields (), &l) != LHK_OK)
		return 0;
	if (LHK_TEXT_IS (&l.type, "message_update"))
		return l.piece.type.ptr != NULL;
	if (LHK_TEXT_IS (&l.type, "session"))
		return l.version.has && l.id.ptr != NULL && l.cwd.ptr != NULL
		       && l.timestamp.ptr != NULL;
	if (LHK_TEXT_IS (&l.type, "agent_end"))
		return l.messages.type == LHK_JSON_ARRAY && l.will_retry != 0;
	if (LHK_TEXT_IS (&l.type, "agent_settled"))
		return l.aborted != 0;
	if (LHK_TEXT_IS (&l.type, "auto_retry_start"))
		return l.attempt.has && l.max_attempts.has && l.delay.has;
	return is_tool_line (&l) || is_message_line (&l);
}

static const char *const call_ends[] = { "tool_execution_end", NULL };

/* The program asks for no permission: "read-only" leaves it only tools that read.
 * Its tools that write are not kept to a directory, so there is no "edit". */
static const struct lhk_command_part command_parts[] = {
	{ .words = { "pi", "--mode", "json" } },
	{ .words = { "--model", "{model}" } },
	{ .words = { "--session", "{session}" } },
	{ .permissions = "read-only",
	  .words = { "--tools", "read,grep,find,ls", "--no-mcp" } },
	{ .permissions = "all", .words = { "--approve" } },
	{ .words = { "{args}" } },
	{ .words = { "--", "{prompt}" } },
	{ .with = 0 },
};

static const char *const command_resume[] = { "pi", "--session", "{session}",
					      NULL };

static const struct lhk_command command = {
	.size = sizeof command,
	.parts = command_parts,
	.resume = command_resume,
	.install = "npm install -g @earendil-works/pi-coding-agent",
};

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,
	.flags = LHK_PLUGIN_JSON | LHK_PLUGIN_CLAIMS,
	.name = "pi",
	.provider = "pi",
	.version = "1.0",
	.summary = "pi: pi --mode json",
	.programs = programs,
	.probe = pi_probe,
	.open = pi_open,
	.line_hook = pi_line_hook,
	.flush = pi_flush,
	.close = pi_close,
	.hint = "add --mode json",
	.call_ends = call_ends,
	.command = &command,
	.made_for = "1.6.0",
};
