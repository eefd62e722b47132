/* SPDX-License-Identifier: MIT */
/* tool_life.c - a call is freed, its host is freed, its process forks. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/tool_call.h"
#include "lib/trial.h"

static int n_freed;

static void
free_at_end (void *user, struct lhk_tool *tool)
{
	(void) user;
	n_freed++;
	lhk_tool_free (tool);
}

static void
free_at_line (void *user, const char *line, size_t len, int more)
{
	struct call *c = user;

	(void) line;
	(void) len;
	(void) more;
	n_freed++;
	lhk_tool_free (c->tool);
	lhk_tool_free (c->tool);
	c->tool = NULL;
}

static void
freed_in_on_end (void)
{
	struct call c;

	call_begin (&c, NULL);
	n_freed = 0;
	c.opts.on_end = free_at_end;
	TAP_EQ_INT (call_start (&c, AGENT ("put", "{}")), LHK_OK);
	TAP_EQ_INT (lhk_tool_wait (c.tool, 20000), LHK_ESTATE);
	c.tool = NULL;
	TAP_EQ_INT (n_freed, 1);
	call_end (&c);
}

static void
freed_in_on_end_of_start (void)
{
	struct call c;

	call_begin (&c, NULL);
	n_freed = 0;
	c.opts.on_end = free_at_end;
	c.opts.id = "..";
	TAP_EQ_INT (call_start (&c, AGENT ("put", "{}")), LHK_OK);
	CU_ASSERT_PTR_NULL (c.tool);
	TAP_EQ_INT (n_freed, 1);
	call_end (&c);
}

static void
freed_in_on_stderr_line (void)
{
	struct call c;

	call_begin (&c, NULL);
	n_freed = 0;
	c.opts.on_stderr_line = free_at_line;
	TAP_EQ_INT (call_start (&c, AGENT ("err", "1", "err", "2", "pause")),
		    LHK_OK);
	TAP_EQ_INT (lhk_tool_wait (c.tool, 20000), LHK_ESTATE);
	TAP_EQ_INT (n_freed, 1);
	TAP_EQ_INT (count_children (), 0);
	call_end (&c);
}

/* The last line of stderr comes when the call ends, before on_end. */
static void
freed_in_last_line (void)
{
	struct call c;

	call_begin (&c, NULL);
	n_freed = 0;
	c.opts.on_end = free_at_end;
	c.opts.on_stderr_line = free_at_line;
	TAP_EQ_INT (call_start (&c, WORDS ("sh", "-c", "printf x >&2")),
		    LHK_OK);
	TAP_EQ_INT (lhk_tool_wait (c.tool, 20000), LHK_ESTATE);
	TAP_EQ_INT (n_freed, 1);
	call_end (&c);
}

static void
host_first (void)
{
	int fds = count_fds ();
	struct lhk_tool *t;
	struct call c;
	int i;

	/* One call runs, one has ended, one was never started. */
	call_begin (&c, NULL);
	for (i = 0; i < 3; i++) {
		c.opts.id = i == 2 ? ".." : "x";
		c.opts.on_end = NULL;
		c.opts.argv = i == 0 ? AGENT ("pause") : AGENT ("put", "{}");
		TAP_EQ_INT (lhk_tool_start (c.host, &c.opts, &t, NULL), LHK_OK);
		if (i == 1)
			TAP_EQ_INT (lhk_tool_wait (t, 20000), LHK_OK);
	}
	call_end (&c);
	TAP_EQ_INT (count_fds (), fds);
	TAP_EQ_INT (count_children (), 0);
}

static void
free_host (void *user, struct lhk_tool *tool)
{
	struct call *c = user;

	(void) tool;
	lhk_host_free (c->host);
}

static void
host_inside (void)
{
	struct call c;

	call_begin (&c, NULL);
	c.opts.on_end = free_host;
	TAP_EQ_INT (call_start (&c, AGENT ("put", "{}")), LHK_OK);
	TAP_EQ_INT (lhk_tool_wait (c.tool, 20000), LHK_ESTATE);
	TAP_EQ_INT (count_children (), 0);
	free (c.json);
	free (c.lines);
}

static int
in_child (int which)
{
	struct lhk_error err;
	struct lhk_tool *t;
	struct call c;
	pid_t pid;

	call_begin (&c, NULL);
	c.opts.on_end = NULL;
	if (call_start (&c, AGENT ("pause")) != LHK_OK)
		return 1;
	pid = fork ();
	if (pid != 0) {
		/* The parent's call still works. */
		while (waitpid (pid, &which, 0) < 0 && errno == EINTR)
			;
		if (which != 0 || lhk_tool_error_kind (c.tool) != -1)
			return 2;
		lhk_tool_cancel (c.tool, 0);
		if (call_wait (&c) != LHK_TOOL_ERROR_CANCELED)
			return 3;
		call_end (&c);
		return 0;
	}
	c.opts.argv = AGENT ("put", "{}");
	if (lhk_tool_start (c.host, &c.opts, &t, &err) != LHK_EFORKED
	    || lhk_tool_wait (c.tool, 0) != LHK_EFORKED
	    || lhk_tool_error_kind (c.tool) != -1)
		_exit (1);
	lhk_tool_cancel (c.tool, 0);
	lhk_tool_free (c.tool);
	lhk_host_free (c.host);
	_exit (0);
}

static void
forked (void)
{
	child_run (in_child, 0);
}

static int
stop_writing (void *user, const char *data, size_t len)
{
	size_t *n = user;

	(void) data;
	*n += len;
	return 77;
}

static void
wrong_options (void)
{
	struct lhk_error err;
	struct call c;

	call_begin (&c, NULL);
	c.opts.argv = NULL;
	TAP_EQ_INT (lhk_tool_start (c.host, &c.opts, &c.tool, &err),
		    LHK_EINVAL);
	c.opts.argv = AGENT ("pause");
	c.opts.flags = 1u << 30;
	TAP_EQ_INT (lhk_tool_start (c.host, &c.opts, &c.tool, &err),
		    LHK_EINVAL);
	c.opts.flags = 0;
	c.opts.size = 3;
	TAP_EQ_INT (lhk_tool_start (c.host, &c.opts, &c.tool, &err),
		    LHK_EINVAL);
	c.opts.size = sizeof c.opts;
	c.opts.contain = 99;
	TAP_EQ_INT (lhk_tool_start (c.host, &c.opts, &c.tool, &err),
		    LHK_EINVAL);
	c.tool = NULL;
	call_end (&c);
}

static void
null_arguments (void)
{
	struct lhk_error err;
	struct call c;

	call_begin (&c, NULL);
	c.opts.argv = AGENT ("pause");
	TAP_EQ_INT (lhk_tool_start (c.host, NULL, &c.tool, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_tool_start (NULL, &c.opts, &c.tool, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_tool_wait (NULL, 0), LHK_EINVAL);
	TAP_EQ_INT (lhk_tool_error_kind (NULL), -1);
	TAP_EQ_STR (lhk_tool_message (NULL), "");
	TAP_EQ_STR (lhk_tool_error_name (99), "unknown");
	lhk_tool_free (NULL);
	c.tool = NULL;
	call_end (&c);
}

static void
result_before_the_end (void)
{
	struct call c;
	size_t n = 0;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_start (&c, AGENT ("eof", "put", "{\"a\":1}", "pause")),
		    LHK_OK);
	TAP_EQ_INT (lhk_tool_wait (c.tool, 1), LHK_ETIMEOUT);
	TAP_EQ_INT (lhk_tool_write_result (c.tool, stop_writing, &n),
		    LHK_ESTATE);
	TAP_EQ_INT (lhk_tool_exit_status (c.tool), 125);
	lhk_tool_cancel (c.tool, 0);
	call_wait (&c);
	call_end (&c);
}

static void
writer_that_stops (void)
{
	struct call c;
	size_t n = 0;

	call_begin (&c, NULL);
	TAP_EQ_INT (call_start (&c, AGENT ("eof", "put", "{\"a\":1}", "pause")),
		    LHK_OK);
	lhk_tool_cancel (c.tool, 0);
	call_wait (&c);
	TAP_EQ_INT (lhk_tool_write_result (c.tool, stop_writing, &n), 77);
	CU_ASSERT (n > 0);
	TAP_EQ_INT (lhk_tool_write_result (c.tool, NULL, &n), LHK_EINVAL);
	call_end (&c);
}

static const struct tap_case cases[] = {
	{ "a_call_can_be_freed_in_on_end", freed_in_on_end },
	{ "a_call_can_be_freed_in_on_end_during_its_start",
	  freed_in_on_end_of_start },
	{ "a_call_can_be_freed_in_on_stderr_line", freed_in_on_stderr_line },
	{ "a_call_freed_in_its_last_line_has_no_on_end", freed_in_last_line },
	{ "a_host_frees_its_calls", host_first },
	{ "a_host_can_be_freed_inside_a_callback", host_inside },
	{ "a_forked_child_does_not_touch_its_parents_calls", forked },
	{ "options_that_are_wrong_are_refused", wrong_options },
	{ "null_arguments_are_refused", null_arguments },
	{ "a_result_before_the_end_is_refused", result_before_the_end },
	{ "a_writer_that_stops_ends_the_result", writer_that_stops },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_life", cases);
}
