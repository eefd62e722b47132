/* SPDX-License-Identifier: MIT */
/*
 * layout.c - where the members of ABI 1.0 lie, on x86-64; what its numbers are.
 *
 * Nothing above "end of ABI 1.0" may ever move.  Compiling this file is the
 * test; sizes may grow, by members at the end, so they are lower bounds for
 * structs that a writer sizes, and exact for those that lie in others.
 */
#include "config.h"

#include <linehook/plugin.h>

#include "lib/tap.h"

#define VALUE(name, number)                                                    \
	_Static_assert((int) (name) == (number), #name " has changed")
#define AT(type, member, offset)                                               \
	_Static_assert(offsetof (struct type, member) == (offset),             \
		       #type "." #member " has moved")
#define SIZE(type, size)                                                       \
	_Static_assert(sizeof (struct type) == (size),                         \
		       "size of " #type " has changed")
#define GROWS(type, size)                                                      \
	_Static_assert(sizeof (struct type) >= (size), #type " has shrunk")

#if defined __x86_64__ && defined __LP64__

SIZE (lhk_str, 16);
AT (lhk_str, ptr, 0);
AT (lhk_str, len, 8);
SIZE (lhk_text, 24);
AT (lhk_text, ptr, 0);
AT (lhk_text, len, 8);
AT (lhk_text, form, 16);
AT (lhk_text, reserved, 20);
SIZE (lhk_error, 248);
AT (lhk_error, code, 0);
AT (lhk_error, sys_errno, 4);
AT (lhk_error, text, 8);
SIZE (lhk_event, 32);
AT (lhk_event, size, 0);
AT (lhk_event, kind, 4);
AT (lhk_event, parent, 8);
GROWS (lhk_ev_session, 176);
AT (lhk_ev_session, ev, 0);
AT (lhk_ev_session, id, 32);
AT (lhk_ev_session, model, 56);
AT (lhk_ev_session, cwd, 80);
AT (lhk_ev_session, agent_version, 104);
AT (lhk_ev_session, tools, 128);
AT (lhk_ev_session, n_tools, 136);
AT (lhk_ev_session, resumed, 144);
AT (lhk_ev_session, reserved, 148);
AT (lhk_ev_session, provider, 152);
GROWS (lhk_ev_text, 96);
AT (lhk_ev_text, ev, 0);
AT (lhk_ev_text, role, 32);
AT (lhk_ev_text, delta, 36);
AT (lhk_ev_text, flags, 40);
AT (lhk_ev_text, reserved, 44);
AT (lhk_ev_text, id, 48);
AT (lhk_ev_text, text, 72);
GROWS (lhk_ev_tool, 200);
AT (lhk_ev_tool, ev, 0);
AT (lhk_ev_tool, status, 32);
AT (lhk_ev_tool, type, 36);
AT (lhk_ev_tool, exit_code, 40);
AT (lhk_ev_tool, flags, 44);
AT (lhk_ev_tool, id, 48);
AT (lhk_ev_tool, name, 72);
AT (lhk_ev_tool, server, 96);
AT (lhk_ev_tool, brief, 120);
AT (lhk_ev_tool, input, 144);
AT (lhk_ev_tool, output, 160);
AT (lhk_ev_tool, paths, 184);
AT (lhk_ev_tool, n_paths, 192);
SIZE (lhk_plan_entry, 32);
AT (lhk_plan_entry, text, 0);
AT (lhk_plan_entry, status, 24);
AT (lhk_plan_entry, reserved, 28);
GROWS (lhk_ev_plan, 48);
AT (lhk_ev_plan, ev, 0);
AT (lhk_ev_plan, entries, 32);
AT (lhk_ev_plan, n_entries, 40);
GROWS (lhk_ev_ask, 144);
AT (lhk_ev_ask, ev, 0);
AT (lhk_ev_ask, id, 32);
AT (lhk_ev_ask, tool, 56);
AT (lhk_ev_ask, text, 80);
AT (lhk_ev_ask, options, 104);
AT (lhk_ev_ask, n_options, 112);
AT (lhk_ev_ask, outcome, 120);
GROWS (lhk_ev_usage, 176);
AT (lhk_ev_usage, ev, 0);
AT (lhk_ev_usage, scope, 32);
AT (lhk_ev_usage, has, 36);
AT (lhk_ev_usage, id, 40);
AT (lhk_ev_usage, model, 64);
AT (lhk_ev_usage, input, 88);
AT (lhk_ev_usage, output, 96);
AT (lhk_ev_usage, cache_read, 104);
AT (lhk_ev_usage, cache_write, 112);
AT (lhk_ev_usage, reasoning, 120);
AT (lhk_ev_usage, context_used, 128);
AT (lhk_ev_usage, context_size, 136);
AT (lhk_ev_usage, cost_nano_usd, 144);
AT (lhk_ev_usage, cost_source, 152);
GROWS (lhk_ev_notice, 104);
AT (lhk_ev_notice, ev, 0);
AT (lhk_ev_notice, level, 32);
AT (lhk_ev_notice, reserved, 36);
AT (lhk_ev_notice, code, 40);
AT (lhk_ev_notice, text, 64);
AT (lhk_ev_notice, data, 88);
GROWS (lhk_ev_result, 120);
AT (lhk_ev_result, ev, 0);
AT (lhk_ev_result, verdict, 32);
AT (lhk_ev_result, terminal, 36);
AT (lhk_ev_result, stop_reason, 40);
AT (lhk_ev_result, text, 64);
AT (lhk_ev_result, error, 88);
AT (lhk_ev_result, final, 112);
GROWS (lhk_ev_run, 176);
AT (lhk_ev_run, ev, 0);
AT (lhk_ev_run, v, 32);
AT (lhk_ev_run, reserved, 36);
AT (lhk_ev_run, id, 40);
AT (lhk_ev_run, plugin, 64);
AT (lhk_ev_run, provider, 88);
AT (lhk_ev_run, started, 112);
AT (lhk_ev_run, argv, 136);
AT (lhk_ev_run, n_argv, 144);
AT (lhk_ev_run, cwd, 152);
GROWS (lhk_meta, 64);
AT (lhk_meta, size, 0);
AT (lhk_meta, turn, 4);
AT (lhk_meta, seq, 8);
AT (lhk_meta, time_ms, 16);
AT (lhk_meta, line_no, 24);
AT (lhk_meta, line_off, 32);
AT (lhk_meta, line_len, 40);
AT (lhk_meta, raw, 48);
GROWS (lhk_line, 40);
AT (lhk_line, size, 0);
AT (lhk_line, flags, 4);
AT (lhk_line, data, 8);
AT (lhk_line, len, 16);
AT (lhk_line, full_len, 24);
AT (lhk_line, number, 32);
GROWS (lhk_api, 32);
AT (lhk_api, size, 0);
AT (lhk_api, abi_major, 4);
AT (lhk_api, abi_minor, 6);
AT (lhk_api, ctx, 8);
AT (lhk_api, emit, 16);
AT (lhk_api, log, 24);
SIZE (lhk_option, 16);
AT (lhk_option, key, 0);
AT (lhk_option, value, 8);
GROWS (lhk_exit, 32);
AT (lhk_exit, size, 0);
AT (lhk_exit, code, 4);
AT (lhk_exit, signal, 8);
AT (lhk_exit, reserved, 12);
AT (lhk_exit, stderr_tail, 16);
GROWS (lhk_plugin, 112);
AT (lhk_plugin, magic, 0);
AT (lhk_plugin, size, 4);
AT (lhk_plugin, abi_minor, 8);
AT (lhk_plugin, needs_minor, 10);
AT (lhk_plugin, flags, 12);
AT (lhk_plugin, name, 16);
AT (lhk_plugin, provider, 24);
AT (lhk_plugin, version, 32);
AT (lhk_plugin, summary, 40);
AT (lhk_plugin, programs, 48);
AT (lhk_plugin, probe, 56);
AT (lhk_plugin, open, 64);
AT (lhk_plugin, line_hook, 72);
AT (lhk_plugin, flush, 80);
AT (lhk_plugin, exited, 88);
AT (lhk_plugin, close, 96);
AT (lhk_plugin, hint, 104);
AT (lhk_plugin, call_ends, 112);
AT (lhk_plugin, call_parent, 120);
AT (lhk_plugin, command, 128);
AT (lhk_plugin, agent_env, 136);
AT (lhk_plugin, made_for, 144);
SIZE (lhk_command_part, 80);
AT (lhk_command_part, with, 0);
AT (lhk_command_part, without, 4);
AT (lhk_command_part, permissions, 8);
AT (lhk_command_part, words, 16);
GROWS (lhk_command, 32);
AT (lhk_command, size, 0);
AT (lhk_command, reserved, 4);
AT (lhk_command, parts, 8);
AT (lhk_command, resume, 16);
AT (lhk_command, install, 24);

#endif

VALUE (LHK_TEXT_PLAIN, 0);
VALUE (LHK_TEXT_CLEAN, 1);
VALUE (LHK_TEXT_CANONICAL, 2);
VALUE (LHK_TEXT_RAW, 3);
VALUE (LHK_OK, 0);
VALUE (LHK_SKIP, 1);
VALUE (LHK_AGAIN, 2);
VALUE (LHK_END, 3);
VALUE (LHK_EINVAL, -1);
VALUE (LHK_ENOMEM, -2);
VALUE (LHK_ESYS, -3);
VALUE (LHK_EPARSE, -4);
VALUE (LHK_ELIMIT, -5);
VALUE (LHK_EABI, -6);
VALUE (LHK_ENOTFOUND, -7);
VALUE (LHK_ESTATE, -8);
VALUE (LHK_ECANCELED, -9);
VALUE (LHK_ETIMEOUT, -10);
VALUE (LHK_EFORKED, -11);
VALUE (LHK_EUNSUPPORTED, -12);
VALUE (LHK_EREFUSED, -13);
VALUE (LHK_EBUG, -14);
VALUE (LHK_LOG_ERROR, 3);
VALUE (LHK_LOG_WARN, 4);
VALUE (LHK_LOG_INFO, 6);
VALUE (LHK_LOG_DEBUG, 7);
VALUE (LHK_EV_SESSION, 1);
VALUE (LHK_EV_TEXT, 2);
VALUE (LHK_EV_TOOL, 3);
VALUE (LHK_EV_PLAN, 4);
VALUE (LHK_EV_ASK, 5);
VALUE (LHK_EV_USAGE, 6);
VALUE (LHK_EV_NOTICE, 7);
VALUE (LHK_EV_RESULT, 8);
VALUE (LHK_EV_RUN, 9);
VALUE (LHK_ROLE_ASSISTANT, 1);
VALUE (LHK_ROLE_USER, 2);
VALUE (LHK_ROLE_THOUGHT, 3);
VALUE (LHK_ROLE_SYSTEM, 4);
VALUE (LHK_TEXT_SYNTHETIC, 1);
VALUE (LHK_TOOL_PENDING, 1);
VALUE (LHK_TOOL_RUNNING, 2);
VALUE (LHK_TOOL_DONE, 3);
VALUE (LHK_TOOL_FAILED, 4);
VALUE (LHK_TOOL_CANCELED, 5);
VALUE (LHK_TOOL_DENIED, 6);
VALUE (LHK_TYPE_OTHER, 0);
VALUE (LHK_TYPE_READ, 1);
VALUE (LHK_TYPE_EDIT, 2);
VALUE (LHK_TYPE_DELETE, 3);
VALUE (LHK_TYPE_MOVE, 4);
VALUE (LHK_TYPE_SEARCH, 5);
VALUE (LHK_TYPE_EXECUTE, 6);
VALUE (LHK_TYPE_THINK, 7);
VALUE (LHK_TYPE_FETCH, 8);
VALUE (LHK_TOOL_HAS_EXIT, 1);
VALUE (LHK_TOOL_TRUNCATED, 2);
VALUE (LHK_TOOL_OUTPUT_JSON, 4);
VALUE (LHK_PLAN_PENDING, 1);
VALUE (LHK_PLAN_RUNNING, 2);
VALUE (LHK_PLAN_DONE, 3);
VALUE (LHK_SCOPE_CALL, 1);
VALUE (LHK_SCOPE_TURN, 2);
VALUE (LHK_SCOPE_RUN, 3);
VALUE (LHK_SCOPE_SESSION, 4);
VALUE (LHK_USAGE_INPUT, 1);
VALUE (LHK_USAGE_OUTPUT, 2);
VALUE (LHK_USAGE_CACHE_READ, 4);
VALUE (LHK_USAGE_CACHE_WRITE, 8);
VALUE (LHK_USAGE_REASONING, 16);
VALUE (LHK_USAGE_CONTEXT_USED, 32);
VALUE (LHK_USAGE_CONTEXT_SIZE, 64);
VALUE (LHK_USAGE_COST, 128);
VALUE (LHK_VERDICT_OK, 1);
VALUE (LHK_VERDICT_FAILED, 2);
VALUE (LHK_VERDICT_REFUSED, 3);
VALUE (LHK_VERDICT_LIMIT, 4);
VALUE (LHK_VERDICT_CANCELED, 5);
VALUE (LHK_VERDICT_TIMEOUT, 6);
VALUE (LHK_VERDICT_STALLED, 7);
VALUE (LHK_VERDICT_TRUNCATED, 8);
VALUE (LHK_VERDICT_KILLED, 9);
VALUE (LHK_VERDICT_OOM, 10);
VALUE (LHK_VERDICT_SPAWN_FAILED, 11);
VALUE (LHK_VERDICT_HOST_ERROR, 12);
VALUE (LHK_LINE_UNTERMINATED, 1);
VALUE (LHK_LINE_HAD_CR, 2);
VALUE (LHK_LINE_HEAD_ONLY, 4);
VALUE (LHK_LINE_REPAIRED, 8);
VALUE (LHK_LINE_SALVAGED, 16);
VALUE (LHK_PLUGIN_JSON, 1);
VALUE (LHK_PLUGIN_STDOUT_FILE, 2);
VALUE (LHK_PLUGIN_CLAIMS, 4);
VALUE (LHK_PLUGIN_NO_TOKENS, 8);
VALUE (LHK_PLUGIN_NO_COST, 16);
VALUE (LHK_PLUGIN_LATE_TOKENS, 32);
VALUE (LHK_PLUGIN_LATE_COST, 64);
VALUE (LHK_WITH_PROMPT, 1);
VALUE (LHK_WITH_MODEL, 2);
VALUE (LHK_WITH_SESSION, 4);
VALUE (LHK_WITH_DELTAS, 8);
VALUE (LHK_WITH_PERMISSIONS, 16);
VALUE (LHK_COMMAND_WORDS, 8);

static void
compiled (void)
{
#if !defined __x86_64__ || !defined __LP64__
	tap_skip ("the offsets are those of x86-64");
#else
	TAP_EQ_INT (LHK_ABI_MAJOR, 1);
#endif
}

static const struct tap_case cases[] = {
	{ "layout_of_abi_1_0_has_not_moved", compiled },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("layout", cases);
}
