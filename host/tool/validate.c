/* SPDX-License-Identifier: MIT */
/*
 * validate.c - what may be the name of a tool, and of one call of it.
 *
 * The rules in the order in which they are told.  An id is ASCII, so that its
 * Unicode forms are no question: whatever normalization would change is not of
 * the characters that are allowed.
 */
#include "config.h"

#include <string.h>

#include <linehook/tool.h>

#include "json/utf8.h"
#include "common/error.h"
#include "tool/validate.h"
#include "common/mem.h"

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

extern char **environ;

/* All that begin so. */
static const char *const refused_prefixes[] = {
	"BASH_FUNC_", "BUN_",	"CORECLR_", "COR_", "DENO_", "DYLD_",
	"GIT_",	      "GLIBC_", "LD_",	    "LUA_", "NODE_", "NPM_CONFIG_",
	"OPENSSL_",   "PERL",	"PYTHON",   "RUBY",
};

/* But these say nothing of what is to be loaded or run. */
static const char *const allowed_names[] = {
	"GIT_AUTHOR_EMAIL",   "GIT_AUTHOR_NAME",	 "GIT_COMMITTER_EMAIL",
	"GIT_COMMITTER_NAME", "GIT_TERMINAL_PROMPT",	 "NODE_ENV",
	"NODE_NO_WARNINGS",   "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
	"PYTHONIOENCODING",   "PYTHONUNBUFFERED",	 "PYTHONUTF8",
};

static const char *const refused_names[] = {
	"BASHOPTS",
	"BASH_ENV",
	"CDPATH",
	"CLASSPATH",
	"DOTNET_ADDITIONAL_DEPS",
	"DOTNET_STARTUP_HOOKS",
	"EDITOR",
	"ENV",
	"FPATH",
	"GCONV_PATH",
	"GEM_HOME",
	"GEM_PATH",
	"GLOBIGNORE",
	"GUILE_LOAD_PATH",
	"HOSTALIASES",
	"IFS",
	"JAVA_TOOL_OPTIONS",
	"JDK_JAVA_OPTIONS",
	"LINEHOOK_TREE",
	"LOCALDOMAIN",
	"LOCPATH",
	"MALLOC_TRACE",
	"NLSPATH",
	"PAGER",
	/* It chooses which program is the tool, and each that the tool runs:
	 * the caller's own PATH is what holds. */
	"PATH",
	"PHPRC",
	"PHP_INI_SCAN_DIR",
	"PROMPT_COMMAND",
	"PS4",
	"RESOLV_HOST_CONF",
	"RES_OPTIONS",
	"R_PROFILE",
	"R_PROFILE_USER",
	"SHELLOPTS",
	"TERMINFO",
	"TERMINFO_DIRS",
	"VISUAL",
	"ZDOTDIR",
	"_JAVA_OPTIONS",
};

/* What a process gets of ours without asking. */
static const char *const harmless[] = {
	"HOME", "LANG", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER",
};

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static int
is_listed (const char *const *list, size_t n, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen (list[i]) == len && memcmp (list[i], name, len) == 0)
			return 1;
	return 0;
}

int
tool_env_may_set (const char *name, size_t len)
{
	size_t i, n;

	if (is_listed (allowed_names, COUNT (allowed_names), name, len))
		return 1;
	for (i = 0; i < COUNT (refused_prefixes); i++) {
		n = strlen (refused_prefixes[i]);
		if (len >= n && memcmp (name, refused_prefixes[i], n) == 0)
			return 0;
	}
	return !is_listed (refused_names, COUNT (refused_names), name, len);
}

static int
name_is_good (const char *name, size_t len)
{
	size_t i;

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
check_one (const char *string, size_t *ret_len, struct lhk_error *err)
{
	size_t n = strcspn (string, "=");
	const char *value = string + n + 1;
	int shown = n > 60 ? 60 : (int) n;
	size_t len;

	if (string[n] == '\0')
		return error_set (err, LHK_EREFUSED, 0,
				  "environment: an entry"
				  " without '=', wanted NAME=value");
	if (!name_is_good (string, n))
		return error_set (
			err, LHK_EREFUSED, 0,
			"environment variable name"
			" '%.*s' is invalid: wanted A-Z, 0-9 and _, no"
			" digit first, at most %u bytes",
			shown, string, TOOL_ENV_NAME_MAX);
	if (!tool_env_may_set (string, n))
		return error_set (
			err, LHK_EREFUSED, 0,
			"environment variable '%.*s'"
			" is not allowed: it can make a program load or"
			" run something else",
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
			"environment variable '%.*s'"
			" has a value of %zu bytes, wanted at most %u",
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
tool_env_check (const char *const *env, struct lhk_error *err)
{
	size_t total = 0, len = 0, i;
	int r;

	for (i = 0; env != NULL && env[i] != NULL; i++) {
		r = check_one (env[i], &len, err);
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

static int
same_name (const char *a, const char *b)
{
	size_t n = strcspn (a, "=");

	return strncmp (a, b, n) == 0 && b[n] == '=';
}

static int
is_harmless (const char *string)
{
	return strncmp (string, "LC_", 3) == 0
	       || is_listed (harmless, COUNT (harmless), string,
			     strcspn (string, "="));
}

/* The last of a name counts. */
static void
put (struct envs *e, size_t *n, const char *string)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (same_name (string, e->strings[i])) {
			e->strings[i] = string;
			return;
		}
	e->strings[(*n)++] = string;
}

int
tool_env_build (struct envs *e, const struct lhk_alloc *alloc,
		const char *const *env, int inherit)
{
	size_t n_env = 0, n_ours = 0, n = 0, i;

	while (env != NULL && env[n_env] != NULL)
		n_env++;
	while (environ != NULL && environ[n_ours] != NULL)
		n_ours++;
	e->cap = n_env + n_ours + 1;
	e->strings = mem_new (alloc, e->cap * sizeof *e->strings);
	if (e->strings == NULL)
		return LHK_ENOMEM;
	for (i = 0; i < n_ours; i++)
		if (inherit || is_harmless (environ[i]))
			e->strings[n++] = environ[i];
	for (i = 0; i < n_env; i++)
		put (e, &n, env[i]);
	e->strings[n] = NULL;
	return LHK_OK;
}

void
tool_env_free (struct envs *e, const struct lhk_alloc *alloc)
{
	mem_free (alloc, e->strings, e->cap * sizeof *e->strings);
	e->strings = NULL;
}
