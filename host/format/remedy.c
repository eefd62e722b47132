/* SPDX-License-Identifier: MIT */
/* remedy.c - what a user can do about a run that did not end well. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "common/macros.h"
#include "format/remedy.h"

/* Bytes of the error that are looked at, and words that stand for one thing. */
#define ERROR_MAX 1000
#define SIGNS_MAX 14

/* What the providers call it, in any case of letters. */
static const char *const signs_of_login[SIGNS_MAX] = {
	"401 unauthorized",
	"api error: 401",
	"(401)",
	"status 401",
	"incorrect api key",
	"invalid api key",
	"invalid x-api-key",
	"not logged in",
	"please run /login",
	"authentication_error",
	"oauth token",
	"no api key found",
	"specify the gemini_api_key",
	NULL,
};

static const char *const signs_of_rate[SIGNS_MAX] = {
	"rate limit",	  "rate_limit",		"(429)",
	"status 429",	  "too many requests",	"usage limit",
	"quota exceeded", "resource_exhausted", NULL,
};

static const char *const signs_of_overload[SIGNS_MAX] = {
	"overloaded", "(529)", "status 529", "503 service unavailable", NULL,
};

static const char *const signs_of_network[SIGNS_MAX] = {
	"waiting for network", "error sending request",
	"network error",       "econnrefused",
	"enotfound",	       "econnreset",
	"connection refused",  "connection error",
	"fetch failed",	       NULL,
};

static const char *const signs_of_git[SIGNS_MAX] = {
	"--skip-git-repo-check was not specified",
	NULL,
};

static const char *const signs_of_context[SIGNS_MAX] = {
	"prompt is too long",
	"context_length_exceeded",
	"context window",
	"maximum context length",
	NULL,
};

/* The first row that fits. */
static const struct {
	const char *const *signs;
	const char *plugin; /* NULL: any */
	const char *words;
	/* clang-format off: a table */
} remedies[] = {
	{ signs_of_login, "claude", "sign in again: claude /login" },
	{ signs_of_login, "codex", "sign in again: codex login" },
	{ signs_of_login, "opencode", "sign in again: opencode auth login" },
	{ signs_of_login, "gemini",
	  "sign in: start gemini without a prompt; or set GEMINI_API_KEY" },
	{ signs_of_login, "qwen", "sign in: start qwen without a prompt" },
	{ signs_of_login, "copilot",
	  "sign in: start copilot without a prompt, then /login" },
	{ signs_of_login, "pi",
	  "sign in: start pi without a prompt, then /login" },
	{ signs_of_login, "droid",
	  "sign in: start droid without a prompt, then /login" },
	{ signs_of_login, NULL, "sign in again, or check the API key" },
	{ signs_of_rate, NULL,
	  "wait until the limit is reset, then try again" },
	{ signs_of_overload, NULL, "try again later" },
	{ signs_of_network, NULL, "check the network connection" },
	{ signs_of_git, "codex",
	  "start it in a git repository, or add --skip-git-repo-check" },
	{ signs_of_context, NULL, "start a new, shorter session" },
};
/* clang-format on */

/* Does one of SIGNS stand in TEXT? */
static int
has_sign (const char *text, const char *const *signs)
{
	for (; *signs != NULL; signs++)
		if (strcasestr (text, *signs) != NULL)
			return 1;
	return 0;
}

/* What the agent said of its end: the error, or the end of its stderr. */
static void
read_reason (const struct lhk_result *r, char ret[ERROR_MAX + 1])
{
	const struct lhk_str *said = &r->outcome.stderr_tail;
	size_t len;

	if (said->len == 0)
		said = &r->outcome.stderr_head;
	len = said->len < ERROR_MAX ? said->len : ERROR_MAX;
	if (r->error.len > 0)
		len = lhk_text_decode (&r->error, ret, ERROR_MAX, NULL);
	else if (len > 0)
		memcpy (ret, said->ptr + said->len - len, len);
	ret[len] = '\0';
}

/* Is a row for PLUGIN, NULL for any, about this agent?  What any program writes to
 * stderr tells nothing of an agent. */
static int
fits (const char *row, const struct lhk_result *r, const char *plugin)
{
	if (row == NULL)
		return r->error.len > 0;
	return plugin != NULL && strcmp (row, plugin) == 0;
}

const char *
format_remedy (const struct lhk_result *r, const char *plugin)
{
	char error[ERROR_MAX + 1];
	size_t i;

	if (r->verdict != LHK_VERDICT_FAILED
	    && r->verdict != LHK_VERDICT_TRUNCATED
	    && r->verdict != LHK_VERDICT_STALLED
	    && r->verdict != LHK_VERDICT_TIMEOUT)
		return NULL;
	read_reason (r, error);
	for (i = 0; i < ARRAY_SIZE (remedies); i++)
		if (fits (remedies[i].plugin, r, plugin)
		    && has_sign (error, remedies[i].signs))
			return remedies[i].words;
	return NULL;
}
