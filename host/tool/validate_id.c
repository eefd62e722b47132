/* SPDX-License-Identifier: MIT */
/*
 * validate_id.c - what may be the name of a tool, and of one call of it.
 *
 * The rules in the order in which they are told.  An id is ASCII, so that its
 * Unicode forms are no question: whatever normalization would change is not of
 * the characters that are allowed.
 */
#include "config.h"

#include <string.h>

#include <linehook/tool.h>

#include "json/utf8.h"
#include "tool/validate_id.h"
#include "common/error.h"

static int
is_empty (const char *id)
{
	return id[0] == '\0';
}

static int
is_long (const char *id)
{
	return strlen (id) > LHK_TOOL_ID_MAX;
}

static int
is_no_utf8 (const char *id)
{
	return !lhk_json_utf8 (id, id + strlen (id));
}

/* Would a path be another one when cleaned: "a//b", "./a", "a/.", "a/",
 * "x/../y"?  A "..", or more of them, at the front stays. */
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
climbs (const char *id)
{
	return strstr (id, "..") != NULL;
}

static int
has_others (const char *id)
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
	int (*broken) (const char *id);
	const char *text;
} rules[] = {
	{ is_empty, "cannot be empty" },
	{ is_long, "is longer than 255 bytes" },
	{ is_no_utf8, "contains invalid UTF-8" },
	{ is_unclean, "contains path traversal or invalid path components" },
	{ is_absolute, "cannot be an absolute path" },
	{ climbs, "contains directory traversal patterns" },
	{ has_others, "contains invalid characters; wanted letters, digits"
		      " and _ / . -" },
	{ is_hidden, "cannot start with dot" },
};

/* The id itself is shown if it may be, and not too long. */
int
tool_check_id (const char *id, struct lhk_error *err)
{
	size_t i;

	if (id == NULL)
		id = "";
	for (i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (!rules[i].broken (id))
			continue;
		if (id[0] == '\0' || is_no_utf8 (id) || strlen (id) > 100)
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
	if (is_long (id))
		return error_set (err, LHK_EREFUSED, 0,
				  "tool_exec_id is longer than %u bytes",
				  LHK_TOOL_ID_MAX);
	if (is_no_utf8 (id))
		return error_set (err, LHK_EREFUSED, 0,
				  "tool_exec_id contains invalid UTF-8");
	for (p = id; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			return error_set (err, LHK_EREFUSED, 0,
					  "tool_exec_id"
					  " contains control characters");
	return LHK_OK;
}
