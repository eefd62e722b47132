/* SPDX-License-Identifier: MIT */
/* validate_env.c - the variables of a call. */
#include "config.h"

#include <string.h>

#include "json/utf8.h"
#include "tool/validate_env.h"
#include "common/error.h"
#include "common/mem.h"

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
