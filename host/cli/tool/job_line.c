/* SPDX-License-Identifier: MIT */
/*
 * job_line.c - one line of --jobs: the call that it asks for.
 *
 *	{"id","exec_id","input","config","env","timeout_ms","command"}
 *
 * All are optional.  A member of another name is a mistake: what was meant
 * would not be done.
 */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "cli/tool/cmd_tool.h"
#include "common/error.h"
#include "common/mem.h"

#define TIMEOUT_MAX INT64_C (4233600000) /* 1176h, as --timeout */
#define WANT_MEMBERS                                                           \
	"want id, exec_id, input, config, env, timeout_ms or "                 \
	"command"

struct reading {
	struct tool_line *l;
	const struct tool_request_opts *defaults;
	struct tool_request_opts *ret;
	struct lhk_error *err;
};

static const char *const type_names[] = {
	[LHK_JSON_NONE] = "nothing",	[LHK_JSON_OBJECT] = "an object",
	[LHK_JSON_ARRAY] = "an array",	[LHK_JSON_STRING] = "a string",
	[LHK_JSON_NUMBER] = "a number", [LHK_JSON_TRUE] = "true",
	[LHK_JSON_FALSE] = "false",	[LHK_JSON_NULL] = "null",
};

static int
wrong (const struct reading *r, const char *key, const struct lhk_raw *raw,
       const char *want)
{
	return error_set (r->err, LHK_EINVAL, 0, "'%s': found %s (want %s)",
			  key, type_names[raw->type], want);
}

/* A decoded copy with a NUL behind it.  It is shorter than the string is in its
 * quotes, so make_room has made room for all of a line. */
static const char *
copy_text (struct tool_line *l, const struct lhk_text *text, size_t *len)
{
	char *at = l->data + l->used;

	*len = lhk_text_decode (text, at, l->size - l->used - 1, NULL);
	at[*len] = '\0';
	l->used += *len + 1;
	return at;
}

/* The string of KEY as a C string. */
static int
take_string (const struct reading *r, const char *key,
	     const struct lhk_raw *raw, const char **ret)
{
	struct lhk_text text;
	size_t len;

	if (!lhk_raw_text (raw, &text))
		return wrong (r, key, raw, "a string");
	*ret = copy_text (r->l, &text, &len);
	if (strlen (*ret) != len)
		return error_set (r->err, LHK_EINVAL, 0,
				  "'%s': a NUL in the string "
				  "(invalid characters)",
				  key);
	return LHK_OK;
}

static int
add_word (const char ***list, size_t *cap, size_t n, const char *word)
{
	void *p = *list;

	if (mem_grow (&mem_system, &p, cap, n + 1, sizeof **list) < 0)
		return LHK_ENOMEM;
	*list = p;
	(*list)[n] = word;
	return LHK_OK;
}

static int
no_memory (const struct reading *r)
{
	return error_set (r->err, LHK_ENOMEM, 0, "out of memory");
}

/* ---- one function a member ---- */

static int
take_id (const struct reading *r, const char *key, const struct lhk_raw *raw)
{
	r->ret->id_derived = 0;
	return take_string (r, key, raw, &r->ret->id);
}

static int
take_exec_id (const struct reading *r, const char *key,
	      const struct lhk_raw *raw)
{
	return take_string (r, key, raw, &r->ret->exec_id);
}

/* Their texts are handed on as they stand: numbers are not touched. */
static int
take_input (const struct reading *r, const char *key, const struct lhk_raw *raw)
{
	(void) key;
	r->ret->input.ptr = raw->ptr;
	r->ret->input.len = raw->len;
	return LHK_OK;
}

static int
take_config (const struct reading *r, const char *key,
	     const struct lhk_raw *raw)
{
	(void) key;
	r->ret->config.ptr = raw->ptr;
	r->ret->config.len = raw->len;
	return LHK_OK;
}

static int
take_timeout (const struct reading *r, const char *key,
	      const struct lhk_raw *raw)
{
	struct lhk_num num;

	if (!lhk_raw_num (raw, &num))
		return wrong (r, key, raw, "milliseconds, 1 to 4233600000");
	if (num.has != 1 || num.value < 1 || num.value > TIMEOUT_MAX)
		return error_set (r->err, LHK_EINVAL, 0,
				  "'%s': %.*s (want a whole "
				  "number of milliseconds, 1 to 4233600000)",
				  key, (int) (raw->len < 40 ? raw->len : 40),
				  raw->ptr);
	r->ret->timeout_ms = (uint32_t) num.value;
	return LHK_OK;
}

static int
take_command (const struct reading *r, const char *key,
	      const struct lhk_raw *raw)
{
	const char *want = "an array of strings, e.g. [\"node\",\"w.mjs\"]";
	struct tool_line *l = r->l;
	struct lhk_json j;
	struct lhk_raw word;
	const char *s;
	size_t n = 0;

	if (raw->type != LHK_JSON_ARRAY)
		return wrong (r, key, raw, want);
	lhk_json_begin_raw (&j, raw);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &word)) {
		int code = take_string (r, key, &word, &s);

		if (code != LHK_OK)
			return code;
		if (add_word (&l->argv, &l->argv_cap, n++, s) < 0)
			return no_memory (r);
	}
	if (n == 0 || l->argv[0][0] == '\0')
		return error_set (r->err, LHK_EINVAL, 0,
				  "'%s': empty (want %s)", key, want);
	if (add_word (&l->argv, &l->argv_cap, n, NULL) < 0)
		return no_memory (r);
	r->ret->argv = l->argv;
	return LHK_OK;
}

/* NAME=VALUE of a member of "env". */
static int
take_variable (const struct reading *r, const struct lhk_text *name,
	       const struct lhk_raw *raw, const char **ret)
{
	struct tool_line *l = r->l;
	const char *value;
	size_t len;
	int code;

	*ret = copy_text (l, name, &len);
	if (strlen (*ret) != len || strchr (*ret, '=') != NULL || len == 0)
		return error_set (r->err, LHK_EINVAL, 0,
				  "'env': '%.60s' is no name "
				  "of a variable",
				  *ret);
	l->data[l->used - 1] = '=';
	code = take_string (r, "env", raw, &value);
	return code;
}

static int
same_name (const char *a, const char *b)
{
	size_t len = strcspn (a, "=");

	return strncmp (a, b, len + 1) == 0;
}

/* Put WORD into the list of N, in the place of its namesake if there is one. */
static int
put_variable (struct tool_line *l, size_t *n, const char *word)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (same_name (l->env[i], word)) {
			l->env[i] = word;
			return LHK_OK;
		}
	return add_word (&l->env, &l->env_cap, (*n)++, word);
}

static int
take_env (const struct reading *r, const char *key, const struct lhk_raw *raw)
{
	const char *const *from = r->defaults->env;
	struct tool_line *l = r->l;
	struct lhk_json j;
	struct lhk_text name;
	struct lhk_raw value;
	const char *word;
	size_t n = 0;
	int code = LHK_OK;

	if (raw->type != LHK_JSON_OBJECT)
		return wrong (r, key, raw, "an object of strings");
	for (; *from != NULL && code == LHK_OK; from++)
		code = put_variable (l, &n, *from);
	lhk_json_begin_raw (&j, raw);
	lhk_json_enter (&j);
	while (code == LHK_OK && lhk_json_key (&j, &name)
	       && lhk_json_raw (&j, &value)) {
		code = take_variable (r, &name, &value, &word);
		if (code != LHK_OK)
			return code;
		code = put_variable (l, &n, word);
	}
	if (code != LHK_OK || add_word (&l->env, &l->env_cap, n, NULL) < 0)
		return no_memory (r);
	r->ret->env = l->env;
	return LHK_OK;
}

static const struct member {
	const char *key;
	/* null says: as if it were not there. */
	int (*take) (const struct reading *r, const char *key,
		     const struct lhk_raw *raw);
	int takes_null;
} members[] = {
	{ "id", take_id, 0 },		{ "exec_id", take_exec_id, 0 },
	{ "input", take_input, 1 },	{ "config", take_config, 1 },
	{ "env", take_env, 0 },		{ "timeout_ms", take_timeout, 0 },
	{ "command", take_command, 0 },
};

#define N_MEMBERS (sizeof members / sizeof members[0])

/* ---- a line ---- */

/* The values of a line by member; of two with the same key the last counts. */
static int
collect (const struct reading *r, const char *data, size_t len,
	 struct lhk_raw values[N_MEMBERS])
{
	struct lhk_json j;
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_text odd = { NULL, 0, 0, 0 };
	char name[64];
	size_t i;

	lhk_json_begin (&j, data, len);
	if (lhk_json_peek (&j) != LHK_JSON_OBJECT) {
		lhk_json_skip (&j);
		return error_set (r->err, LHK_EINVAL, 0,
				  lhk_json_end (&j) == LHK_OK
					  ? "not an object (want {\"id\":..})"
					  : "not JSON (want one object)");
	}
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		for (i = 0; i < N_MEMBERS; i++)
			if (lhk_text_is (&key, members[i].key,
					 strlen (members[i].key)))
				break;
		if (i < N_MEMBERS)
			values[i] = raw;
		else if (odd.ptr == NULL)
			odd = key;
	}
	if (lhk_json_end (&j) != LHK_OK)
		return error_set (r->err, LHK_EINVAL, 0,
				  "not JSON (want one object)");
	if (odd.ptr == NULL)
		return LHK_OK;
	name[lhk_text_decode (&odd, name, sizeof name - 1, NULL)] = '\0';
	return error_set (r->err, LHK_EINVAL, 0,
			  "'%s': no such member (" WANT_MEMBERS ")", name);
}

static int
make_room (struct tool_line *l, size_t len)
{
	void *p = l->data;

	l->used = 0;
	if (mem_grow (&mem_system, &p, &l->size, len + 16, 1) < 0)
		return LHK_ENOMEM;
	l->data = p;
	return LHK_OK;
}

int
tool_line_read (struct tool_line *l, const struct tool_request_opts *defaults,
		const char *data, size_t len, struct tool_request_opts *ret,
		struct lhk_error *err)
{
	struct reading r = { l, defaults, ret, err };
	struct lhk_raw values[N_MEMBERS];
	int code;
	size_t i;

	*ret = *defaults;
	memset (values, 0, sizeof values);
	if (make_room (l, len) < 0)
		return no_memory (&r);
	code = collect (&r, data, len, values);
	for (i = 0; i < N_MEMBERS && code == LHK_OK; i++)
		if (values[i].ptr != NULL
		    && (members[i].takes_null
			|| values[i].type != LHK_JSON_NULL))
			code = members[i].take (&r, members[i].key, &values[i]);
	if (code == LHK_OK && ret->argv == NULL)
		code = error_set (err, LHK_EINVAL, 0,
				  "'command': missing (want it "
				  "here, or behind -- on the command line)");
	if (ret->id_derived && ret->argv != NULL) {
		tool_id_of (ret->argv[0], l->id);
		ret->id = l->id;
	}
	return code;
}

void
tool_line_free (struct tool_line *l)
{
	mem_free (&mem_system, l->data, l->size);
	mem_free (&mem_system, l->argv, l->argv_cap * sizeof l->argv[0]);
	mem_free (&mem_system, l->env, l->env_cap * sizeof l->env[0]);
	memset (l, 0, sizeof *l);
}
