/* SPDX-License-Identifier: MIT */
/* remedy.c - what a user can do about a run that did not end well. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "common/macros.h"
#include "format/remedy.h"

/* Bytes of the error that are looked at, and words that stand for one thing. */
#define ERROR_MAX 1000
#define SIGNS_MAX 12

/* What the providers call it, in any case of letters. */
static const char *const signs_of_login[SIGNS_MAX] = {
	"401 unauthorized",	"api error: 401",    "(401)",
	"status 401",		"incorrect api key", "invalid api key",
	"invalid x-api-key",	"not logged in",     "please run /login",
	"authentication_error", "oauth token",	     NULL,
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
	{ signs_of_login, "claude", "claude /login signs in again" },
	{ signs_of_login, "codex", "codex login signs in again" },
	{ signs_of_login, "opencode", "opencode auth login signs in again" },
	{ signs_of_login, "gemini",
	  "gemini, started without a prompt, signs in; or set GEMINI_API_KEY" },
	{ signs_of_login, "qwen", "qwen, started without a prompt, signs in" },
	{ signs_of_login, "copilot",
	  "copilot, started without a prompt, signs in with /login" },
	{ signs_of_login, "pi",
	  "pi, started without a prompt, signs in with /login" },
	{ signs_of_login, "droid",
	  "droid, started without a prompt, signs in with /login" },
	{ signs_of_login, NULL, "sign in again, or check the API key" },
	{ signs_of_rate, NULL,
	  "wait until the limit is reset, then try again" },
	{ signs_of_overload, NULL, "try again later" },
	{ signs_of_network, NULL, "check the network connection" },
	{ signs_of_context, NULL, "start a new session with less in it" },
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

const char *
format_remedy (const struct lhk_result *r, const char *plugin)
{
	char error[ERROR_MAX + 1];
	size_t i, len;

	if (r->verdict != LHK_VERDICT_FAILED
	    && r->verdict != LHK_VERDICT_TRUNCATED
	    && r->verdict != LHK_VERDICT_STALLED
	    && r->verdict != LHK_VERDICT_TIMEOUT)
		return NULL;
	len = lhk_text_decode (&r->error, error, ERROR_MAX, NULL);
	error[len] = '\0';
	for (i = 0; i < ARRAY_SIZE (remedies); i++)
		if ((remedies[i].plugin == NULL
		     || (plugin != NULL
			 && strcmp (remedies[i].plugin, plugin) == 0))
		    && has_sign (error, remedies[i].signs))
			return remedies[i].words;
	return NULL;
}
