/* SPDX-License-Identifier: MIT */
/* output.c - bytes of both outputs on their way in; limits on them. */
#include "config.h"

#include <string.h>

#include "run/run.h"

/* Two arguments for "%lld.%06lld"; "%f" would ask the locale. */
#define DOLLARS(nano)                                                          \
	(long long) ((nano) / 1000000000),                                     \
		(long long) ((nano) % 1000000000 / 1000)

static void
check_budget (struct lhk_run *run)
{
	const struct lhk_run_opts *o = &run->opts;
	int64_t tokens = 0, cost = 0;
	int has_cost = 0;

	if ((o->max_tokens == 0 && o->max_cost_nano == 0) || run->cause != 0)
		return;
	stream_sum (run->stream, &tokens, &cost, &has_cost);
	if (o->max_tokens != 0 && tokens > 0
	    && (uint64_t) tokens > o->max_tokens)
		run_notice (run, LHK_LOG_WARN, LHK_CODE_BUDGET,
			    "%lld tokens used, %llu allowed: the run is ended",
			    (long long) tokens,
			    (unsigned long long) o->max_tokens);
	else if (o->max_cost_nano > 0 && has_cost && cost > o->max_cost_nano)
		run_notice (
			run, LHK_LOG_WARN, LHK_CODE_BUDGET,
			"%lld.%06lld USD spent, %lld.%06lld allowed: the run"
			" is ended",
			DOLLARS (cost), DOLLARS (o->max_cost_nano));
	else
		return;
	run_stop (run, LHK_END_BUDGET, 0);
}

static void
take_out (void *user, const char *data, size_t len)
{
	struct lhk_run *run = user;
	uint64_t max = run->opts.max_output;
	int over = max != 0 && len > max - run->outbuf_bytes;

	if (over)
		len = (size_t) (max - run->outbuf_bytes);
	run_note_activity (run);
	if (len != 0) {
		run->outbuf_bytes += len;
		record_writer_stdout (&run->keep, data, len);
		if (run->opts.on_stdout != NULL)
			run->opts.on_stdout (run->user, data, len);
		if ((run->opts.flags & LHK_RUN_BYTES) == 0)
			lhk_stream_write (run->stream, data, len);
		check_budget (run);
		run_note_claim (run);
		run_record_flush (run);
	}
	if (over && run->cause == 0) {
		run_notice (
			run, LHK_LOG_WARN, LHK_CODE_HOST,
			"stdout is longer than the %llu bytes allowed: the run"
			" is ended",
			(unsigned long long) max);
		run_stop (run, LHK_END_OUTPUT_LIMIT, 0);
	}
}

static void
take_err (void *user, const char *data, size_t len)
{
	struct lhk_run *run = user;

	run_note_activity (run);
	head_tail_add (&run->kept, data, len);
	record_writer_stderr (&run->keep, data, len);
	run_record_flush (run);
	if (run->opts.on_stderr != NULL)
		run->opts.on_stderr (run->user, data, len);
}

static void
input_ended (void *user)
{
	run_check_state (user);
}

/* What the agent said is not known to its end: nothing it claimed counts. */
static void
out_failed (void *user, int sys_errno)
{
	struct lhk_run *run = user;

	run->outcome.flags |= LHK_FLAG_DEGRADED;
	run_notice (run, LHK_LOG_ERROR, LHK_CODE_HOST,
		    "stdout of the agent cannot"
		    " be read: %s; what follows is lost",
		    strerror (sys_errno));
	run_stop (run, LHK_END_HOST_ERROR, 0);
	if (run->cause == 0)
		run->cause = LHK_END_HOST_ERROR;
}

static void
err_failed (void *user, int sys_errno)
{
	struct lhk_run *run = user;

	run->err_lost = 1;
	run->outcome.flags |= LHK_FLAG_DEGRADED;
	run_notice (run, LHK_LOG_WARN, LHK_CODE_HOST,
		    "stderr of the agent cannot"
		    " be read: %s; what follows is lost",
		    strerror (sys_errno));
}

int
run_lost_stderr (const struct lhk_run *run)
{
	return run->err_lost;
}

const struct reader_callbacks run_intake_out = { take_out, input_ended,
						 out_failed, NULL };
const struct reader_callbacks run_intake_err = { take_err, input_ended,
						 err_failed, NULL };

/* Of a file only the end of all its writers is an end. */
int
run_inputs_ended (const struct lhk_run *run)
{
	return run->out.fd < 0 && run->err.fd < 0
	       && (run->spool.fd < 0 || run->tree_gone_reported);
}

void
run_collect (struct lhk_run *run)
{
	pipe_finish (&run->err);
	pipe_finish (&run->out);
	file_follow_finish (&run->spool);
}
