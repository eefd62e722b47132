/* SPDX-License-Identifier: MIT */
/* reason.c - why a run did not end well. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "event/reason.h"
#include "lib/capture.h"
#include "lib/failing.h"
#include "lib/tap.h"

static struct failing f;
static struct reason r;
static struct lhk_outcome how;

static void
begin (void)
{
	failing_init (&f);
	reason_init (&r, &f.alloc);
	memset (&how, 0, sizeof how);
	how.has_exit = 1;
}

static void
finish (void)
{
	reason_free (&r);
	CU_ASSERT (failing_clean (&f));
}

static void
claim (int verdict, const char *error)
{
	const struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = verdict,
		.error = clean_text (error),
	};

	reason_claim (&r, &e);
}

static void
notice_of (int severity, const char *code, const char *text)
{
	const struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = severity,
		.code = clean_text (code),
		.text = clean_text (text),
	};

	reason_notice (&r, &e);
}

static void
notice (const char *code, const char *text)
{
	notice_of (LHK_LOG_ERROR, code, text);
}

static void
is (int verdict, int claimed, const char *wanted)
{
	struct lhk_text got = reason_get (&r, verdict, claimed, &how);

	if (wanted == NULL) {
		CU_ASSERT_PTR_NULL (got.ptr);
		return;
	}
	TAP_EQ_MEM (got.ptr, got.len, wanted, strlen (wanted));
}

static void
claims (void)
{
	begin ();
	is (LHK_VERDICT_FAILED, 0, NULL);
	claim (LHK_VERDICT_FAILED, "usage limit reached");
	claim (LHK_VERDICT_FAILED, NULL);
	claim (LHK_VERDICT_LIMIT, "");
	is (LHK_VERDICT_LIMIT, LHK_VERDICT_LIMIT, "usage limit reached");
	is (LHK_VERDICT_TIMEOUT, LHK_VERDICT_FAILED, "usage limit reached");
	is (LHK_VERDICT_OK, LHK_VERDICT_OK, NULL);
	claim (LHK_VERDICT_FAILED, " \n\t ");
	is (LHK_VERDICT_FAILED, LHK_VERDICT_FAILED, "usage limit reached");
	claim (LHK_VERDICT_OK, NULL);
	is (LHK_VERDICT_TIMEOUT, LHK_VERDICT_OK, NULL);
	claim (LHK_VERDICT_FAILED, "  ");
	is (LHK_VERDICT_FAILED, LHK_VERDICT_FAILED, NULL);
	finish ();
}

static void
trouble (void)
{
	begin ();
	notice (LHK_CODE_STALL, "no output");
	is (LHK_VERDICT_STALLED, 0, NULL);
	notice (LHK_CODE_PROVIDER_ERROR, "status 128");
	notice (LHK_CODE_PROVIDER_ERROR, "");
	notice (LHK_CODE_PROVIDER_ERROR, "\r\n");
	reason_work (&r);
	is (LHK_VERDICT_STALLED, 0, "status 128");
	claim (LHK_VERDICT_FAILED, "claimed");
	is (LHK_VERDICT_STALLED, LHK_VERDICT_FAILED, "claimed");
	finish ();
}

/* A retry that helped is no reason; one that did not is. */
static void
retries (void)
{
	begin ();
	notice (LHK_CODE_RETRY, "overloaded");
	is (LHK_VERDICT_TIMEOUT, 0, "overloaded");
	reason_work (&r);
	is (LHK_VERDICT_TIMEOUT, 0, NULL);
	notice (LHK_CODE_RATE_LIMIT, "limit reached");
	is (LHK_VERDICT_TIMEOUT, 0, "limit reached");
	reason_work (&r);
	is (LHK_VERDICT_TIMEOUT, 0, NULL);
	finish ();
}

/* A limit that stops the agent is a reason, unless it went on; one that is near
 * is none. */
static void
rate_limits (void)
{
	struct lhk_ev_notice e = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_WARN,
		.code = clean_text (LHK_CODE_RATE_LIMIT),
		.text = clean_text ("five_hour: rejected"),
	};

	begin ();
	reason_notice (&r, &e);
	is (LHK_VERDICT_STALLED, 0, NULL);
	e.level = LHK_LOG_ERROR;
	reason_notice (&r, &e);
	is (LHK_VERDICT_STALLED, 0, "five_hour: rejected");
	reason_work (&r);
	is (LHK_VERDICT_STALLED, 0, NULL);
	finish ();
}

/* A retry hides no error for longer than it lasts. */
static void
retries_after_trouble (void)
{
	begin ();
	notice (LHK_CODE_PROVIDER_ERROR, "the real trouble");
	notice_of (LHK_LOG_WARN, LHK_CODE_RETRY, "reconnecting");
	is (LHK_VERDICT_FAILED, 0, "reconnecting");
	reason_work (&r);
	is (LHK_VERDICT_FAILED, 0, "the real trouble");
	notice_of (LHK_LOG_WARN, LHK_CODE_RETRY, "reconnecting");
	notice (LHK_CODE_PROVIDER_ERROR, "the next trouble");
	is (LHK_VERDICT_FAILED, 0, "the next trouble");
	finish ();
}

static void
warnings (void)
{
	begin ();
	notice_of (LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR, "slow");
	is (LHK_VERDICT_FAILED, 0, "slow");
	notice (LHK_CODE_PROVIDER_ERROR, "the real trouble");
	notice_of (LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR, "harmless");
	is (LHK_VERDICT_FAILED, 0, "the real trouble");
	claim (LHK_VERDICT_OK, NULL);
	notice_of (LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR, "slow again");
	is (LHK_VERDICT_TIMEOUT, LHK_VERDICT_OK, "slow again");
	finish ();
}

static void
contradictions (void)
{
	begin ();
	how.exit_code = 3;
	claim (LHK_VERDICT_OK, NULL);
	is (LHK_VERDICT_FAILED, LHK_VERDICT_OK,
	    "the agent claims success, but its exit status is 3");
	notice (LHK_CODE_PROVIDER_ERROR, "a hook failed");
	is (LHK_VERDICT_FAILED, LHK_VERDICT_OK,
	    "the agent claims success, but its exit status is 3: a hook"
	    " failed");
	/* Only then. */
	is (LHK_VERDICT_FAILED, LHK_VERDICT_FAILED, "a hook failed");
	is (LHK_VERDICT_KILLED, LHK_VERDICT_OK, "a hook failed");
	finish ();
}

static void
starts (void)
{
	begin ();
	how.has_exit = 0;
	is (LHK_VERDICT_SPAWN_FAILED, 0, NULL);
	how.step = "exec";
	how.sys_errno = ENOENT;
	is (LHK_VERDICT_SPAWN_FAILED, 0,
	    "cannot start the agent: exec: No such file or directory");
	how.step = "contain";
	how.detail = "no cgroup";
	is (LHK_VERDICT_SPAWN_FAILED, 0,
	    "cannot start the agent: contain: no cgroup");
	finish ();
}

static void
host_errors (void)
{
	begin ();
	is (LHK_VERDICT_HOST_ERROR, 0, NULL);
	notice_of (LHK_LOG_ERROR, LHK_CODE_HOST, "the monitor is gone");
	notice_of (LHK_LOG_WARN, LHK_CODE_HOST, "the disk is slow");
	is (LHK_VERDICT_HOST_ERROR, 0, "the monitor is gone");
	is (LHK_VERDICT_FAILED, 0, NULL);
	finish ();
}

static void
long_errors (void)
{
	static char page[100001];
	struct lhk_text got;

	memset (page, 'x', sizeof page - 1);
	begin ();
	how.exit_code = 1;
	notice (LHK_CODE_PROVIDER_ERROR, page);
	got = reason_get (&r, LHK_VERDICT_FAILED, LHK_VERDICT_OK, &how);
	CU_ASSERT (got.len > 4000 && got.len <= 4096);
	claim (LHK_VERDICT_FAILED, page);
	got = reason_get (&r, LHK_VERDICT_FAILED, LHK_VERDICT_FAILED, &how);
	TAP_EQ_INT (got.len, 4096);
	finish ();
}

static const struct tap_case cases[] = {
	{ "reason_is_the_error_of_the_last_claim_that_has_one", claims },
	{ "reason_is_else_what_the_provider_said_last", trouble },
	{ "reason_is_no_retry_that_helped", retries },
	{ "reason_is_a_limit_that_was_reached", rate_limits },
	{ "reason_is_the_trouble_before_a_retry_that_helped",
	  retries_after_trouble },
	{ "reason_is_no_warning_after_an_error_of_the_turn", warnings },
	{ "reason_tells_that_claim_and_status_disagree", contradictions },
	{ "an_agent_that_was_not_started_has_an_error", starts },
	{ "a_failure_of_ours_is_what_the_host_told_last", host_errors },
	{ "reason_of_a_web_page_is_cut", long_errors },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("reason", cases);
}
