/* SPDX-License-Identifier: MIT */
/*
 * layout.c - print the offsets of the structs that a binding fills in, and the
 * bytes of an initialised one, to compare with the bindings' own declarations.
 *
 *	STRUCT.MEMBER OFFSET BYTES
 *	STRUCT BYTES HEX	(what its _INIT gives)
 */
#include <stdio.h>

#include <linehook/tool.h>

#define MEMBER(type, member)                                                   \
	printf ("%s.%s %zu %zu\n", #type, #member,                             \
		offsetof (struct type, member),                                \
		sizeof (((struct type *) NULL)->member))

static void
whole (const char *name, const void *object, size_t size)
{
	const unsigned char *p = object;
	size_t i;

	printf ("%s %zu ", name, size);
	for (i = 0; i < size; i++)
		printf ("%02x", p[i]);
	putchar ('\n');
}

static void
run_opts (void)
{
	/* Static, so that the padding between members is zero, too. */
	static const struct lhk_run_opts fresh = LHK_RUN_OPTS_INIT;

	MEMBER (lhk_run_opts, size);
	MEMBER (lhk_run_opts, stdin_mode);
	MEMBER (lhk_run_opts, plugin);
	MEMBER (lhk_run_opts, argv);
	MEMBER (lhk_run_opts, envp);
	MEMBER (lhk_run_opts, cwd);
	MEMBER (lhk_run_opts, input);
	MEMBER (lhk_run_opts, stdin_fd);
	MEMBER (lhk_run_opts, stdout_mode);
	MEMBER (lhk_run_opts, total_ms);
	MEMBER (lhk_run_opts, idle_ms);
	MEMBER (lhk_run_opts, linger_ms);
	MEMBER (lhk_run_opts, grace_ms);
	MEMBER (lhk_run_opts, drain_ms);
	MEMBER (lhk_run_opts, stderr_keep);
	MEMBER (lhk_run_opts, max_output);
	MEMBER (lhk_run_opts, max_tokens);
	MEMBER (lhk_run_opts, max_cost_nano);
	MEMBER (lhk_run_opts, limits);
	MEMBER (lhk_run_opts, n_limits);
	MEMBER (lhk_run_opts, run_id);
	MEMBER (lhk_run_opts, tmp_dir);
	MEMBER (lhk_run_opts, on_stderr);
	MEMBER (lhk_run_opts, stream);
	MEMBER (lhk_run_opts, on_stdout);
	MEMBER (lhk_run_opts, contain);
	MEMBER (lhk_run_opts, flags);
	MEMBER (lhk_run_opts, record_dir);
	MEMBER (lhk_run_opts, tool_ms);
	MEMBER (lhk_run_opts, reserved);
	MEMBER (lhk_run_opts, stderr_max);
	MEMBER (lhk_run_opts, labels);
	MEMBER (lhk_run_opts, prompt);
	MEMBER (lhk_run_opts, memory_max);
	MEMBER (lhk_run_opts, pids_max);
	MEMBER (lhk_run_opts, cpus_milli);
	whole ("lhk_run_opts", &fresh, sizeof fresh);
}

static void
tool_opts (void)
{
	static const struct lhk_tool_opts fresh = LHK_TOOL_OPTS_INIT;

	MEMBER (lhk_tool_opts, size);
	MEMBER (lhk_tool_opts, timeout_ms);
	MEMBER (lhk_tool_opts, id);
	MEMBER (lhk_tool_opts, exec_id);
	MEMBER (lhk_tool_opts, argv);
	MEMBER (lhk_tool_opts, input);
	MEMBER (lhk_tool_opts, config);
	MEMBER (lhk_tool_opts, env);
	MEMBER (lhk_tool_opts, inherit_env);
	MEMBER (lhk_tool_opts, contain);
	MEMBER (lhk_tool_opts, cwd);
	MEMBER (lhk_tool_opts, grace_ms);
	MEMBER (lhk_tool_opts, flags);
	MEMBER (lhk_tool_opts, max_output);
	MEMBER (lhk_tool_opts, stderr_keep);
	MEMBER (lhk_tool_opts, n_redact);
	MEMBER (lhk_tool_opts, redact);
	MEMBER (lhk_tool_opts, on_stderr_line);
	MEMBER (lhk_tool_opts, on_end);
	MEMBER (lhk_tool_opts, user);
	whole ("lhk_tool_opts", &fresh, sizeof fresh);
}

static void
others (void)
{
	static const struct lhk_host_opts fresh = LHK_HOST_OPTS_INIT;
	static const struct lhk_error error;
	static const struct lhk_str str;

	MEMBER (lhk_host_opts, size);
	MEMBER (lhk_host_opts, flags);
	MEMBER (lhk_host_opts, user);
	MEMBER (lhk_host_opts, log);
	MEMBER (lhk_host_opts, alloc);
	MEMBER (lhk_host_opts, monitor);
	MEMBER (lhk_host_opts, buffer_budget);
	whole ("lhk_host_opts", &fresh, sizeof fresh);
	MEMBER (lhk_error, code);
	MEMBER (lhk_error, sys_errno);
	MEMBER (lhk_error, text);
	whole ("lhk_error", &error, sizeof error);
	MEMBER (lhk_str, ptr);
	MEMBER (lhk_str, len);
	whole ("lhk_str", &str, sizeof str);
}

int
main (void)
{
	run_opts ();
	tool_opts ();
	others ();
	return 0;
}
