/* SPDX-License-Identifier: MIT */
/*
 * validate.c - ids and variables of a call: what a caller may ask for.
 *
 * The rules of ids stand in the order in which they are reported.  An id is
 * ASCII, so Unicode normalization cannot change it.
 */
#include "config.h"

#include <string.h>

#include <linehook/tool.h>

#include "common/error.h"
#include "common/macros.h"
#include "json/utf8.h"
#include "tool/env_names.h"
#include "tool/validate.h"

/* ---- ids ---- */

static int
is_empty (const char *id)
{
	return id[0] == '\0';
}

static int
is_too_long (const char *id)
{
	return strlen (id) > LHK_TOOL_ID_MAX;
}

static int
is_not_utf8 (const char *id)
{
	return !lhk_json_utf8 (id, id + strlen (id));
}

/* 1: cleaning would change the path: "a//b", "./a", "a/.", "a/", "x/../y".
 * Leading ".." components stay when a path is cleaned. */
static int
is_unclean (const char *id)
{
	const char *p = id + (id[0] == '/');
	int seen_name = id[0] == '/';
	size_t n;

	if (strcmp (id, ".") == 0 || strcmp (id, "/") == 0)
		return 0;
	for (;; p += n + 1) {
		n = strcspn (p, "/");
		if (n == 0 || (n == 1 && p[0] == '.'))
			return 1;
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			if (seen_name)
				return 1;
		} else {
			seen_name = 1;
		}
		if (p[n] == '\0')
			return 0;
	}
}

static int
is_absolute (const char *id)
{
	return id[0] == '/';
}

static int
has_dot_dot (const char *id)
{
	return strstr (id, "..") != NULL;
}

static int
has_bad_characters (const char *id)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.-";

	return id[strspn (id, allowed)] != '\0';
}

static int
is_hidden (const char *id)
{
	return id[0] == '.';
}

static const struct {
	int (*is_broken) (const char *id);
	const char *text;
} rules[] = {
	{ is_empty, "cannot be empty" },
	{ is_too_long, "is longer than 255 bytes" },
	{ is_not_utf8, "contains invalid UTF-8" },
	{ is_unclean, "contains path traversal or invalid path components" },
	{ is_absolute, "cannot be an absolute path" },
	{ has_dot_dot, "contains directory traversal patterns" },
	{ has_bad_characters,
	  "contains invalid characters; expected letters, digits and _ / . -" },
	{ is_hidden, "cannot start with dot" },
};

/* The sentence shows the id if it is short and valid UTF-8. */
int
tool_check_id (const char *id, struct lhk_error *err)
{
	size_t i;

	if (id == NULL)
		id = "";
	for (i = 0; i < ARRAY_SIZE (rules); i++) {
		if (!rules[i].is_broken (id))
			continue;
		if (id[0] == '\0' || is_not_utf8 (id) || strlen (id) > 100)
			return error_set (err, LHK_EREFUSED, 0, "tool id %s",
					  rules[i].text);
		return error_set (err, LHK_EREFUSED, 0, "tool id '%s' %s", id,
				  rules[i].text);
	}
	return LHK_OK;
}

int
tool_check_exec_id (const char *id, struct lhk_error *err)
{
	const char *p;

	if (id[0] == '\0')
		return error_set (err, LHK_EREFUSED, 0,
				  "tool_exec_id cannot be empty");
	if (is_too_long (id))
		return error_set (err, LHK_EREFUSED, 0,
				  "tool_exec_id is longer than %u bytes",
				  LHK_TOOL_ID_MAX);
	if (is_not_utf8 (id))
		return error_set (err, LHK_EREFUSED, 0,
				  "tool_exec_id contains invalid UTF-8");
	for (p = id; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			return error_set (err, LHK_EREFUSED, 0,
					  "tool_exec_id"
					  " contains control characters");
	return LHK_OK;
}

/* ---- variables ---- */

static int
is_valid_name (const char *name, size_t len)
{
	size_t i;

	if (tool_env_is_harmless (name, len))
		return 1;
	if (len == 0 || len > TOOL_ENV_NAME_MAX
	    || (name[0] >= '0' && name[0] <= '9'))
		return 0;
	for (i = 0; i < len; i++)
		if (!((name[i] >= 'A' && name[i] <= 'Z') || name[i] == '_'
		      || (name[i] >= '0' && name[i] <= '9')))
			return 0;
	return 1;
}

static int
check_variable (const char *string, size_t *ret_len, struct lhk_error *err)
{
	size_t n = strcspn (string, "=");
	const char *value = string + n + 1;
	int shown = n > 60 ? 60 : (int) n;
	size_t len;

	if (string[n] == '\0')
		return error_set (err, LHK_EREFUSED, 0,
				  "environment: an entry without '=', expected "
				  "NAME=value");
	if (!is_valid_name (string, n))
		return error_set (
			err, LHK_EREFUSED, 0,
			"environment variable name '%.*s' is invalid: expected "
			"A-Z, 0-9 and _, no digit first, at most %u bytes",
			shown, string, TOOL_ENV_NAME_MAX);
	if (!tool_env_may_set (string, n))
		return error_set (
			err, LHK_EREFUSED, 0,
			"environment variable '%.*s' is not allowed: it can "
			"make a program load or run something else; if this is "
			"intended, put env NAME=VALUE before the command",
			shown, string);
	len = strlen (value);
	if (memchr (value, '\n', len) != NULL
	    || memchr (value, '\r', len) != NULL)
		return error_set (
			err, LHK_EREFUSED, 0,
			"environment variable '%.*s'"
			" contains invalid characters: a newline in its"
			" value",
			shown, string);
	if (len > TOOL_ENV_VALUE_MAX)
		return error_set (
			err, LHK_EREFUSED, 0,
			"environment variable '%.*s' has a value of %zu bytes, "
			"expected at most %u",
			shown, string, len, TOOL_ENV_VALUE_MAX);
	if (!lhk_json_utf8 (value, value + len))
		return error_set (err, LHK_EREFUSED, 0,
				  "environment variable '%.*s'"
				  " contains invalid UTF-8",
				  shown, string);
	*ret_len = n + 1 + len + 1;
	return LHK_OK;
}

int
tool_check_env (const char *const *env, struct lhk_error *err)
{
	size_t total = 0, len = 0, i;
	int r;

	for (i = 0; env != NULL && env[i] != NULL; i++) {
		r = check_variable (env[i], &len, err);
		if (r < 0)
			return r;
		total += len;
		if (i >= TOOL_ENV_MAX || total > TOOL_ENV_TOTAL_MAX)
			return error_set (err, LHK_EREFUSED, 0,
					  "environment: more"
					  " than %u variables or %u bytes",
					  TOOL_ENV_MAX, TOOL_ENV_TOTAL_MAX);
	}
	return LHK_OK;
}
