/* SPDX-License-Identifier: MIT */
/* verdict_text.c - the sentence on a run that did not end well. */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "common/macros.h"
#include "format/remedy.h"
#include "format/verdict_text.h"
#include "lib/capture.h"
#include "lib/tap.h"

static const struct {
	const char *wanted;
	struct lhk_result result;
	const char *error;
	const char *plugin;
} sentences[] = {
	{ "failed: unexpected status 401 (codex, exit status 1, 0.1 s); sign "
	  "in again: codex login",
	  { .verdict = LHK_VERDICT_FAILED,
	    .outcome = { .end_reason = LHK_END_EXITED,
			 .has_exit = 1,
			 .exit_code = 1,
			 .wall_ms = 123 } },
	  "unexpected status 401",
	  "codex" },
	{ "failed: exit status 3 (raw, 2.0 s)",
	  { .verdict = LHK_VERDICT_FAILED,
	    .outcome = { .end_reason = LHK_END_EXITED,
			 .has_exit = 1,
			 .exit_code = 3,
			 .wall_ms = 2000 } },
	  NULL,
	  "raw" },
	{ "failed: no (claude)",
	  { .verdict = LHK_VERDICT_FAILED },
	  "no",
	  "claude" },
	{ "failed: the agent gave no reason",
	  { .verdict = LHK_VERDICT_FAILED },
	  NULL,
	  NULL },
	{ "failed: the agent gave no reason (claude, exit status 0, 0.0 s)",
	  { .verdict = LHK_VERDICT_FAILED,
	    .outcome = { .end_reason = LHK_END_EXITED, .has_exit = 1 } },
	  NULL,
	  "claude" },
	{ "failed: no reason was read; it may be in a line that was skipped "
	  "(claude)",
	  { .verdict = LHK_VERDICT_FAILED, .stats = { .oversize = 1 } },
	  NULL,
	  "claude" },
	{ "killed: SIGSEGV (raw, 0.0 s)",
	  { .verdict = LHK_VERDICT_KILLED,
	    .outcome = { .end_reason = LHK_END_SIGNALED, .signal = SIGSEGV } },
	  NULL,
	  "raw" },
	{ "killed: signal 64 (raw, 0.0 s)",
	  { .verdict = LHK_VERDICT_KILLED,
	    .outcome = { .end_reason = LHK_END_SIGNALED, .signal = 64 } },
	  NULL,
	  "raw" },
	{ "timeout: it ran longer than --timeout allows; the last error was: "
	  "overloaded (claude, SIGTERM, 1 min 00 s); try again later",
	  { .verdict = LHK_VERDICT_TIMEOUT,
	    .outcome = { .end_reason = LHK_END_TIMEOUT,
			 .signal = SIGTERM,
			 .wall_ms = 60000 } },
	  "overloaded",
	  "claude" },
	{ "limit: it used more than --max-tokens or --max-cost allows (claude, "
	  "0.0 s)",
	  { .verdict = LHK_VERDICT_LIMIT,
	    .outcome = { .end_reason = LHK_END_BUDGET } },
	  NULL,
	  "claude" },
	{ "limit: too many turns (claude, exit status 0, 0.0 s)",
	  { .verdict = LHK_VERDICT_LIMIT,
	    .outcome = { .end_reason = LHK_END_EXITED, .has_exit = 1 } },
	  "too many turns",
	  "claude" },
	{ "truncated: the stream ended without a result (claude)",
	  { .verdict = LHK_VERDICT_TRUNCATED },
	  NULL,
	  "claude" },
	{ "truncated: no result was read; it may be in a line that was skipped "
	  "(gemini)",
	  { .verdict = LHK_VERDICT_TRUNCATED, .stats = { .oversize = 2 } },
	  NULL,
	  "gemini" },
	{ "truncated: no end (claude)",
	  { .verdict = LHK_VERDICT_TRUNCATED, .stats = { .oversize = 2 } },
	  "no end",
	  "claude" },
	{ "failed: two\\nlines \\x1b[2J (x)",
	  { .verdict = LHK_VERDICT_FAILED },
	  "two\nlines \x1b[2J",
	  "x" },
};

static char *
sentence (const struct lhk_result *result, const char *error,
	  const char *plugin, const char *run)
{
	static struct outbuf o;
	struct lhk_result r = *result;

	outbuf_init (&o, NULL, NULL);
	r.error = clean_text (error);
	r.error.form = LHK_TEXT_PLAIN;
	format_verdict (&o, &r, plugin, run);
	o.data[o.len] = '\0';
	return o.data;
}

static void
all_sentences (void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (sentences); i++)
		TAP_EQ_STR (sentence (&sentences[i].result, sentences[i].error,
				      sentences[i].plugin, NULL),
			    sentences[i].wanted);
}

static void
kept_run (void)
{
	const struct lhk_result r = { .verdict = LHK_VERDICT_REFUSED };

	TAP_EQ_STR (sentence (&r, NULL, "claude", "night-7"),
		    "refused: the model refused (claude); see linehook show "
		    "night-7");
	TAP_EQ_STR (sentence (&r, NULL, NULL, "night-7"),
		    "refused: the model refused; see linehook show night-7");
}

/* By the words of the error and the plugin. */
static void
remedies (void)
{
	static const struct {
		const char *error, *plugin, *wanted;
	} table[] = {
		{ "unexpected status 401 Unauthorized: x", "codex",
		  "sign in again: codex login" },
		{ "Incorrect API key provided.", "opencode",
		  "sign in again: opencode auth login" },
		{ "401 Incorrect API key provided.", "qwen",
		  "sign in: start qwen without a prompt" },
		{ "No API key found for anthropic.", "pi",
		  "sign in: start pi without a prompt, then /login" },
		{ "Not logged in \xc2\xb7 Please run /login", "claude",
		  "sign in again: claude /login" },
		{ "401 Unauthorized", "mine",
		  "sign in again, or check the API key" },
		{ "401 Unauthorized", NULL,
		  "sign in again, or check the API key" },
		{ "API Error: Request rejected (429)", "claude",
		  "wait until the limit is reset, then try again" },
		{ "Reconnecting... waiting for network (x)", "codex",
		  "check the network connection" },
		{ "prompt is too long: 3 tokens", "claude",
		  "start a new, shorter session" },
		{ "it took 401 ms", "claude", NULL },
		{ NULL, "claude", NULL },
	};
	static const char git[] =
		"Not inside a trusted directory and --skip-git-repo-check "
		"was not specified.\n";
	struct lhk_result r = { .verdict = LHK_VERDICT_FAILED };
	const char *found;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		r.error = clean_text (table[i].error);
		found = format_remedy (&r, table[i].plugin);
		TAP_EQ_STR (found == NULL ? "" : found,
			    table[i].wanted == NULL ? "" : table[i].wanted);
	}
	/* Without an error, what an agent that is known says to stderr. */
	r.error = clean_text (NULL);
	r.outcome.stderr_head.ptr = git;
	r.outcome.stderr_head.len = strlen (git);
	found = format_remedy (&r, "codex");
	TAP_EQ_STR (found == NULL ? "" : found,
		    "start it in a git repository, or add "
		    "--skip-git-repo-check");
	r.outcome.stderr_head.ptr = "401 Unauthorized";
	r.outcome.stderr_head.len = strlen ("401 Unauthorized");
	CU_ASSERT_PTR_NULL (format_remedy (&r, "raw"));
	r.outcome.stderr_head.len = 0;
	r.error = clean_text ("401 Unauthorized");
	r.verdict = LHK_VERDICT_LIMIT;
	CU_ASSERT_PTR_NULL (format_remedy (&r, "codex"));
	r.verdict = LHK_VERDICT_FAILED;
	TAP_EQ_STR (sentence (&r, "401 Unauthorized", "codex", "night-7"),
		    "failed: 401 Unauthorized (codex); sign in again: "
		    "codex login; see linehook show night-7");
}

/* A web page is cut. */
static void
long_error (void)
{
	static char page[10001];
	const struct lhk_result r = { .verdict = LHK_VERDICT_FAILED };

	memset (page, 'x', sizeof page - 1);
	CU_ASSERT (strlen (sentence (&r, page, "claude", NULL)) < 350);
}

static const struct tap_case cases[] = {
	{ "verdict_sentence_says_what_happened_and_why", all_sentences },
	{ "verdict_sentence_names_a_kept_run", kept_run },
	{ "verdict_sentence_says_what_to_do", remedies },
	{ "verdict_sentence_is_short", long_error },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("verdict_text", cases);
}
