/* SPDX-License-Identifier: MIT */
/* tool_validate.c - ids and variables that a caller may use. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/tool.h>

#include "lib/tap.h"
#include "tool/tool_private.h"
#include "tool/validate.h"
#include "common/mem.h"

static void
accepted (void)
{
	static const char *const ids[] = {
		"simple-tool", "category/tool-name",
		"tool.name",   "a",
		"A/b/c",       "_",
		"-",	       "x_1",
		"a.b/c.d",     "tool-1.2.3",
	};
	size_t i;

	for (i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (tool_check_id (ids[i], NULL) != LHK_OK) {
			tap_note ("%s", ids[i]);
			CU_FAIL ("refused");
		}
}

/* Words of the sentence that give the reason. */
static const struct {
	const char *id;
	const char *reason;
} refusals[] = {
	{ "", "cannot be empty" },
	{ NULL, "cannot be empty" },
	{ "a\xff", "invalid UTF-8" },
	{ "a//b", "path traversal or invalid path components" },
	{ "./a", "path traversal or invalid path components" },
	{ "a/", "path traversal or invalid path components" },
	{ "a/.", "path traversal or invalid path components" },
	{ "a/./b", "path traversal or invalid path components" },
	{ "x/../y", "path traversal or invalid path components" },
	{ "tool/../../../etc/passwd",
	  "path traversal or invalid path components" },
	{ "/x/../y", "path traversal or invalid path components" },
	{ "/etc/passwd", "absolute path" },
	{ "/", "absolute path" },
	{ "../malicious", "directory traversal patterns" },
	{ "../../x", "directory traversal patterns" },
	{ "..", "directory traversal patterns" },
	{ "tool..x", "directory traversal patterns" },
	{ "tool...name", "directory traversal patterns" },
	{ "tool@name", "invalid characters" },
	{ "tool name", "invalid characters" },
	{ "tool\nname", "invalid characters" },
	{ "t\xce\xbf\xce\xbfl", "invalid characters" },
	{ "e\xcc\x81", "invalid characters" },
	{ ".hidden", "cannot start with dot" },
	{ ".", "cannot start with dot" },
};

static void
refused (void)
{
	struct lhk_error err;
	size_t i;

	for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		TAP_EQ_INT (tool_check_id (refusals[i].id, &err), LHK_EREFUSED);
		if (strstr (err.text, refusals[i].reason) == NULL) {
			tap_note ("%s", err.text);
			CU_FAIL ("another reason was wanted");
		}
	}
}

static void
length (void)
{
	char id[LHK_TOOL_ID_MAX + 2];

	memset (id, 'x', sizeof id);
	id[LHK_TOOL_ID_MAX] = '\0';
	TAP_EQ_INT (tool_check_id (id, NULL), LHK_OK);
	TAP_EQ_INT (tool_check_exec_id (id, NULL), LHK_OK);
	id[LHK_TOOL_ID_MAX] = 'x';
	id[LHK_TOOL_ID_MAX + 1] = '\0';
	TAP_EQ_INT (tool_check_id (id, NULL), LHK_EREFUSED);
	TAP_EQ_INT (tool_check_exec_id (id, NULL), LHK_EREFUSED);
}

static void
exec_ids (void)
{
	TAP_EQ_INT (tool_check_exec_id ("01J 0!", NULL), LHK_OK);
	TAP_EQ_INT (tool_check_exec_id ("", NULL), LHK_EREFUSED);
	TAP_EQ_INT (tool_check_exec_id ("a\nb", NULL), LHK_EREFUSED);
	TAP_EQ_INT (tool_check_exec_id ("\xff", NULL), LHK_EREFUSED);
}

/* ---- variables ---- */

static int
check (const char *string)
{
	const char *const env[] = { string, NULL };

	return tool_check_env (env, NULL);
}

static void
env_accepted (void)
{
	static const char *const good[] = {
		"VALID_VAR=x",
		"NUMBER_123=",
		"_X=a=b",
		"A=\xc3\xa9\t",
		"LDAP=x",
		"PATHS=x",
		"ENVIRONMENT=prod",
		"HOMES=x",
		"http_proxy=http://p",
		"no_proxy=localhost",
		/* These begin like refused ones. */
		"NODE_ENV=production",
		"PYTHONUNBUFFERED=1",
		"GIT_AUTHOR_NAME=x",
		"GIT_TERMINAL_PROMPT=0",
		"XDG_CACHE_HOME=/x",
		"RUST_BACKTRACE=1",
		"R=x",
		"RUNTIME=x",
		"GOOGLE_CLOUD_PROJECT=x",
	};
	size_t i;

	for (i = 0; i < sizeof good / sizeof good[0]; i++)
		TAP_EQ_INT (check (good[i]), LHK_OK);
	TAP_EQ_INT (tool_check_env (NULL, NULL), LHK_OK);
}

static void
env_refused (void)
{
	static const char *const bad[] = {
		"LD_PRELOAD=x",
		"LD_LIBRARY_PATH=x",
		"LD_AUDIT=x",
		"LD_=x",
		"DYLD_INSERT_LIBRARIES=x",
		"DYLD_LIBRARY_PATH=x",
		"DYLD_ANYTHING=x",
		"NODE_OPTIONS=x",
		"NODE_PATH=x",
		"NODE_ENVS=x",
		"GIT_SSH_COMMAND=x",
		"BUN_CONFIG_PROFILE=x",
		"GCONV_PATH=x",
		"BASH_ENV=x",
		"ENV=x",
		"IFS=x",
		"PATH=x",
		"PYTHONPATH=x",
		"PYTHONSTARTUP=x",
		"PERL5LIB=x",
		"PERL5OPT=x",
		"RUBYOPT=x",
		"GLIBC_TUNABLES=x",
		"HOME=/x",
		"XDG_CONFIG_HOME=/x",
		"XDG_DATA_HOME=/x",
		"XDG_CONFIG_DIRS=/x",
		"PYTHONUSERBASE=/x",
		"PYTHONHOME=/x",
		"NPM_CONFIG_PREFIX=/x",
		"NPM_CONFIG_USERCONFIG=/x",
		"GIT_CONFIG_GLOBAL=/x",
		"GIT_EXEC_PATH=/x",
		"CARGO_HOME=/x",
		"RUSTC_WRAPPER=x",
		"GOFLAGS=-toolexec=x",
		"GOPATH=/x",
		"GEM_HOME=/x",
		"BUNDLE_GEMFILE=/x",
		"COMPOSER_HOME=/x",
		"PIP_CONFIG_FILE=/x",
		"JAVA_HOME=/x",
		"MAVEN_OPTS=x",
		"JULIA_DEPOT_PATH=/x",
		"R_LIBS_USER=/x",
		"ERL_LIBS=/x",
		"ZDOTDIR=/x",
		"MAKEFLAGS=x",
		"CC=x",
		"SHELL=/x",
		"HTTP_proxy=x",
		"LINEHOOK_TREE=x",
		"LINEHOOK_EXEC=/x",
		"LINEHOOK_PLUGIN_PATH=/x",
		"PYTEST_PLUGINS=x",
		"CUDA_INJECTION64_PATH=/x",
		"AWKLIBPATH=/x",
		"FISH_FUNCTION_PATH=/x",
		"KUBECONFIG=/x",
		"DOCKER_CONFIG=/x",
		"AWS_CONFIG_FILE=/x",
		"ELECTRON_RUN_AS_NODE=1",
		"TAR_OPTIONS=x",
		"MPLBACKEND=module://x",
		"ODBCSYSINI=/x",
		"VK_ICD_FILENAMES=/x",
		"__EGL_VENDOR_LIBRARY_DIRS=/x",
		"lowercase=x",
		"Mixed=x",
		"INVALID@VAR=x",
		"1X=x",
		"=x",
		"NOVALUE",
		"A B=x",
		"X=a\nb",
		"X=a\rb",
		"X=\xff",
	};
	size_t i;

	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (check (bad[i]) != LHK_EREFUSED) {
			tap_note ("%s", bad[i]);
			CU_FAIL ("accepted");
		}
}

static void
env_value_hidden (void)
{
	const char *const env[] = { "X=hunter2\n", NULL };
	struct lhk_error err;

	TAP_EQ_INT (tool_check_env (env, &err), LHK_EREFUSED);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "'X'"));
	CU_ASSERT_PTR_NULL (strstr (err.text, "hunter2"));
}

/* "NAME=VALUE" of these lengths, to be freed. */
static char *
make_variable (size_t name_len, size_t value_len)
{
	char *s = malloc (name_len + value_len + 2);

	CU_ASSERT_PTR_NOT_NULL_FATAL (s);
	memset (s, 'N', name_len);
	s[name_len] = '=';
	memset (s + name_len + 1, 'x', value_len);
	s[name_len + 1 + value_len] = '\0';
	return s;
}

static int
check_lengths (size_t name_len, size_t value_len)
{
	char *variable = make_variable (name_len, value_len);
	int r = check (variable);

	free (variable);
	return r;
}

static void
env_value_limit (void)
{
	TAP_EQ_INT (check_lengths (1, TOOL_ENV_VALUE_MAX), LHK_OK);
	TAP_EQ_INT (check_lengths (1, TOOL_ENV_VALUE_MAX + 1), LHK_EREFUSED);
}

static void
env_name_limit (void)
{
	TAP_EQ_INT (check_lengths (TOOL_ENV_NAME_MAX, 1), LHK_OK);
	TAP_EQ_INT (check_lengths (TOOL_ENV_NAME_MAX + 1, 1), LHK_EREFUSED);
}

static void
env_total_limit (void)
{
	const char *env[7] = { NULL };
	char *large = make_variable (1, TOOL_ENV_VALUE_MAX);
	size_t i;

	for (i = 0; i < 5; i++)
		env[i] = large;
	TAP_EQ_INT (tool_check_env (env, NULL), LHK_OK);
	env[5] = large;
	TAP_EQ_INT (tool_check_env (env, NULL), LHK_EREFUSED);
	free (large);
}

static void
env_count_limit (void)
{
	const char **env = calloc (TOOL_ENV_MAX + 2, sizeof *env);
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL (env);
	for (i = 0; i < TOOL_ENV_MAX; i++)
		env[i] = "A=1";
	TAP_EQ_INT (tool_check_env (env, NULL), LHK_OK);
	env[TOOL_ENV_MAX] = "A=1";
	TAP_EQ_INT (tool_check_env (env, NULL), LHK_EREFUSED);
	free (env);
}

static const char *
find (const struct environ_list *e, const char *name)
{
	size_t n = strlen (name), i;

	for (i = 0; e->strings[i] != NULL; i++)
		if (strncmp (e->strings[i], name, n) == 0
		    && e->strings[i][n] == '=')
			return e->strings[i] + n + 1;
	return "(unset)";
}

static void
set_own_environment (void)
{
	setenv ("LINEHOOK_TEST_SECRET", "s", 1);
	setenv ("LC_TIME", "C", 1);
	setenv ("HOME", "/home", 1);
}

static void
env_given (void)
{
	const char *const env[] = { "X=1", "LANG=xy", "X=2", NULL };
	struct environ_list e;

	set_own_environment ();
	TAP_EQ_INT (tool_environ_init (&e, &mem_system, env, 0), LHK_OK);
	TAP_EQ_STR (find (&e, "X"), "2");
	TAP_EQ_STR (find (&e, "LANG"), "xy");
	environ_free (&e);
}

static void
env_small (void)
{
	struct environ_list e;

	set_own_environment ();
	TAP_EQ_INT (tool_environ_init (&e, &mem_system, NULL, 0), LHK_OK);
	TAP_EQ_STR (find (&e, "LC_TIME"), "C");
	TAP_EQ_STR (find (&e, "LINEHOOK_TEST_SECRET"), "(unset)");
	TAP_EQ_STR (find (&e, "PATH"), getenv ("PATH"));
	environ_free (&e);
}

static void
env_inherited (void)
{
	struct environ_list e;

	set_own_environment ();
	TAP_EQ_INT (tool_environ_init (&e, &mem_system, NULL, 1), LHK_OK);
	TAP_EQ_STR (find (&e, "LINEHOOK_TEST_SECRET"), "s");
	TAP_EQ_STR (find (&e, "HOME"), "/home");
	environ_free (&e);
}

static const struct tap_case cases[] = {
	{ "usual_ids_are_accepted", accepted },
	{ "bad_ids_are_refused_with_the_first_reason", refused },
	{ "ids_have_a_maximum_length", length },
	{ "ids_of_calls_are_one_line_of_text", exec_ids },
	{ "usual_variables_are_accepted", env_accepted },
	{ "variables_that_load_or_run_something_are_refused", env_refused },
	{ "a_refusal_does_not_show_the_value", env_value_hidden },
	{ "the_value_of_a_variable_has_a_limit", env_value_limit },
	{ "the_name_of_a_variable_has_a_limit", env_name_limit },
	{ "all_variables_together_have_a_limit", env_total_limit },
	{ "the_number_of_variables_has_a_limit", env_count_limit },
	{ "a_variable_that_is_given_replaces_one_before_it", env_given },
	{ "the_environment_has_only_what_every_program_needs", env_small },
	{ "an_inherited_environment_has_every_variable", env_inherited },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_validate", cases);
}
