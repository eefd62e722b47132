/* SPDX-License-Identifier: MIT */
/*
 * jobs.c - the calls that --jobs asks for, one a line.
 *
 *	{"id","exec_id","input","config","env","timeout_ms","command"}
 *
 * All members are optional.  A member of another name is a mistake: what was
 * meant by it would not be done.
 *
 * The file is read as a stream: no more than one line and one read of it is in
 * memory, and a line is taken when a call can be started, not before.  Once a
 * signal has come nothing is waited for: of a regular file the lines up to its
 * end get their results (canceled), of a pipe only those that are there.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linehook/json.h>

#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "cli/tool/cmd_tool.h"
#include "common/error.h"
#include "common/macros.h"
#include "common/mem.h"
#include "frame/frame.h"

/* ---- one line ---- */

#define WANT_MEMBERS                                                           \
	"give id, exec_id, input, config, env, timeout_ms or "                 \
	"command"

struct line_reader {
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
wrong_type (const struct line_reader *r, const char *key,
	    const struct lhk_raw *raw, const char *want)
{
	return error_set (r->err, LHK_EINVAL, 0, "'%s' is %s; give %s", key,
			  type_names[raw->type], want);
}

/* A decoded copy with a NUL at its end.  It is not longer than the string with
 * its quotes, so one buffer of the line's length holds them all. */
static const char *
copy_text (struct tool_line *l, const struct lhk_text *text, size_t *len)
{
	char *at = l->data + l->used;

	*len = lhk_text_decode (text, at, l->size - l->used - 1, NULL);
	at[*len] = '\0';
	l->used += *len + 1;
	return at;
}

/* The string of a member as a C string. */
static int
read_string (const struct line_reader *r, const char *key,
	     const struct lhk_raw *raw, const char **ret)
{
	struct lhk_text text;
	size_t len;

	if (!lhk_raw_text (raw, &text))
		return wrong_type (r, key, raw, "a string");
	*ret = copy_text (r->l, &text, &len);
	if (strlen (*ret) != len)
		return error_set (r->err, LHK_EINVAL, 0,
				  "'%s' contains invalid characters: a NUL",
				  key);
	return LHK_OK;
}

static int
append_string (const char ***list, size_t *cap, size_t n, const char *word)
{
	void *p = *list;

	if (mem_grow (&mem_system, &p, cap, n + 1, sizeof **list) < 0)
		return LHK_ENOMEM;
	*list = p;
	(*list)[n] = word;
	return LHK_OK;
}

static int
no_memory (const struct line_reader *r)
{
	return error_set (r->err, LHK_ENOMEM, 0, "out of memory");
}

static int
read_id (const struct line_reader *r, const char *key,
	 const struct lhk_raw *raw)
{
	r->ret->id_derived = 0;
	return read_string (r, key, raw, &r->ret->id);
}

static int
read_exec_id (const struct line_reader *r, const char *key,
	      const struct lhk_raw *raw)
{
	return read_string (r, key, raw, &r->ret->exec_id);
}

/* JSON is passed on as it stands, so that numbers stay exact. */
static int
read_input (const struct line_reader *r, const char *key,
	    const struct lhk_raw *raw)
{
	(void) key;
	r->ret->input.ptr = raw->ptr;
	r->ret->input.len = raw->len;
	return LHK_OK;
}

static int
read_config (const struct line_reader *r, const char *key,
	     const struct lhk_raw *raw)
{
	(void) key;
	r->ret->config.ptr = raw->ptr;
	r->ret->config.len = raw->len;
	return LHK_OK;
}

static int
read_timeout (const struct line_reader *r, const char *key,
	      const struct lhk_raw *raw)
{
	struct lhk_num num;

	if (!lhk_raw_num (raw, &num))
		return wrong_type (r, key, raw,
				   "milliseconds, 1 to 4233600000");
	if (num.has != 1 || num.value < 1 || num.value > (int64_t) OPT_TIME_MAX)
		return error_set (r->err, LHK_EINVAL, 0,
				  "'%s' is %.*s; give a whole number of "
				  "milliseconds, 1 to 4233600000",
				  key, (int) (raw->len < 40 ? raw->len : 40),
				  raw->ptr);
	r->ret->timeout_ms = (uint32_t) num.value;
	return LHK_OK;
}

static int
read_command (const struct line_reader *r, const char *key,
	      const struct lhk_raw *raw)
{
	const char *want = "an array of strings, e.g. [\"node\",\"w.mjs\"]";
	struct tool_line *l = r->l;
	struct lhk_json j;
	struct lhk_raw word;
	const char *s;
	size_t n = 0;

	if (raw->type != LHK_JSON_ARRAY)
		return wrong_type (r, key, raw, want);
	lhk_json_begin_raw (&j, raw);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &word)) {
		int code = read_string (r, key, &word, &s);

		if (code != LHK_OK)
			return code;
		if (append_string (&l->argv, &l->argv_cap, n++, s) < 0)
			return no_memory (r);
	}
	if (n == 0 || l->argv[0][0] == '\0')
		return error_set (r->err, LHK_EINVAL, 0,
				  "'%s' is empty; give %s", key, want);
	if (append_string (&l->argv, &l->argv_cap, n, NULL) < 0)
		return no_memory (r);
	r->ret->argv = l->argv;
	return LHK_OK;
}

/* NAME=VALUE of a member of "env". */
static int
read_variable (const struct line_reader *r, const struct lhk_text *name,
	       const struct lhk_raw *raw, const char **ret)
{
	struct tool_line *l = r->l;
	const char *value;
	size_t len;
	int code;

	*ret = copy_text (l, name, &len);
	if (strlen (*ret) != len || strchr (*ret, '=') != NULL || len == 0)
		return error_set (r->err, LHK_EINVAL, 0,
				  "'env': '%.60s' is not the name of a "
				  "variable",
				  *ret);
	l->data[l->used - 1] = '=';
	code = read_string (r, "env", raw, &value);
	return code;
}

static int
same_name (const char *a, const char *b)
{
	size_t len = strcspn (a, "=");

	return strncmp (a, b, len + 1) == 0;
}

/* Add a variable to the list of N, or replace the one of the same name. */
static int
put_variable (struct tool_line *l, size_t *n, const char *word)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (same_name (l->env[i], word)) {
			l->env[i] = word;
			return LHK_OK;
		}
	return append_string (&l->env, &l->env_cap, (*n)++, word);
}

static int
read_env (const struct line_reader *r, const char *key,
	  const struct lhk_raw *raw)
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
		return wrong_type (r, key, raw, "an object of strings");
	for (; *from != NULL && code == LHK_OK; from++)
		code = put_variable (l, &n, *from);
	lhk_json_begin_raw (&j, raw);
	lhk_json_enter (&j);
	while (code == LHK_OK && lhk_json_key (&j, &name)
	       && lhk_json_raw (&j, &value)) {
		code = read_variable (r, &name, &value, &word);
		if (code != LHK_OK)
			return code;
		code = put_variable (l, &n, word);
	}
	if (code != LHK_OK || append_string (&l->env, &l->env_cap, n, NULL) < 0)
		return no_memory (r);
	r->ret->env = l->env;
	return LHK_OK;
}

static const struct member {
	const char *key;
	int (*read) (const struct line_reader *r, const char *key,
		     const struct lhk_raw *raw);
	int takes_null; /* 0: a null is as if the member were absent */
} members[] = {
	{ "id", read_id, 0 },		{ "exec_id", read_exec_id, 0 },
	{ "input", read_input, 1 },	{ "config", read_config, 1 },
	{ "env", read_env, 0 },		{ "timeout_ms", read_timeout, 0 },
	{ "command", read_command, 0 },
};

#define N_MEMBERS ARRAY_SIZE (members)

/* Find the value of each member; of two with the same name the last counts. */
static int
find_members (const struct line_reader *r, const char *data, size_t len,
	      struct lhk_raw values[N_MEMBERS])
{
	struct lhk_json j;
	struct lhk_text key;
	struct lhk_raw raw;
	struct lhk_text unknown = { NULL, 0, 0, 0 };
	char name[64];
	size_t i;

	lhk_json_begin (&j, data, len);
	if (lhk_json_peek (&j) != LHK_JSON_OBJECT) {
		lhk_json_skip (&j);
		return error_set (
			r->err, LHK_EINVAL, 0,
			lhk_json_end (&j) == LHK_OK
				? "the line is not a JSON object; give "
				  "{\"id\":..}"
				: "the line is not JSON; give one "
				  "object");
	}
	lhk_json_enter (&j);
	while (lhk_json_key (&j, &key) && lhk_json_raw (&j, &raw)) {
		for (i = 0; i < N_MEMBERS; i++)
			if (lhk_text_is (&key, members[i].key,
					 strlen (members[i].key)))
				break;
		if (i < N_MEMBERS)
			values[i] = raw;
		else if (unknown.ptr == NULL)
			unknown = key;
	}
	if (lhk_json_end (&j) != LHK_OK)
		return error_set (r->err, LHK_EINVAL, 0,
				  "the line is not JSON; give one object");
	if (unknown.ptr == NULL)
		return LHK_OK;
	name[lhk_text_decode (&unknown, name, sizeof name - 1, NULL)] = '\0';
	return error_set (r->err, LHK_EINVAL, 0,
			  "'%s': no such member (" WANT_MEMBERS ")", name);
}

static int
reserve_line (struct tool_line *l, size_t len)
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
	struct line_reader r = { l, defaults, ret, err };
	struct lhk_raw values[N_MEMBERS];
	int code;
	size_t i;

	*ret = *defaults;
	memset (values, 0, sizeof values);
	if (reserve_line (l, len) < 0)
		return no_memory (&r);
	code = find_members (&r, data, len, values);
	for (i = 0; i < N_MEMBERS && code == LHK_OK; i++)
		if (values[i].ptr != NULL
		    && (members[i].takes_null
			|| values[i].type != LHK_JSON_NULL))
			code = members[i].read (&r, members[i].key, &values[i]);
	if (code == LHK_OK && ret->argv == NULL)
		code = error_set (
			err, LHK_EINVAL, 0,
			"'command' is missing; give it here, or after "
			"-- on the command line");
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

/* ---- the stream of lines ---- */

#define READ_SIZE ((size_t) 64 << 10)

/* One line: it holds its input and its config. */
#define LINE_MAX ((size_t) 64 << 20)

struct tool_jobs {
	struct tool_session *session;
	const char *name;
	int fd;	     /* -1: read to its end */
	int is_file; /* 1: a regular file, which nobody waits for */
	int over;    /* 1: no more lines will come */
	struct frame frame;
	struct budget budget;
	struct tool_line line;
	int got_call;	/* 1: the bytes fed last were a call */
	size_t at, len; /* bytes of DATA that are not fed yet: AT to LEN */
	char data[READ_SIZE];
};

static void
refuse_line (struct tool_jobs *j, const struct tool_request_opts *request,
	     uint64_t number, const char *why, int status)
{
	char text[400];

	snprintf (text, sizeof text, "line %llu: %s",
		  (unsigned long long) number, why);
	tool_call_refuse (j->session, request, number,
			  status == STATUS_HOST ? LHK_TOOL_ERROR_START
						: LHK_TOOL_ERROR_VALIDATE,
			  text, status);
}

static void
on_line (void *user, const struct frame_line *line)
{
	struct tool_jobs *j = user;
	struct lhk_error err = { 0, 0, "" };
	struct tool_request_opts request;
	int code;

	if (frame_is_blank (line->data, line->len))
		return;
	j->got_call = 1;
	code = tool_line_read (&j->line, &j->session->defaults, line->data,
			       line->len, &request, &err);
	if (code == LHK_OK)
		tool_call_start (j->session, &request, line->number);
	else
		refuse_line (j, &request, line->number, err.text,
			     code == LHK_ENOMEM ? STATUS_HOST : STATUS_USAGE);
}

static void
on_skip (void *user)
{
	(void) user;
}

static void
on_skip_data (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	(void) len;
}

static void
on_skip_end (void *user, const struct frame_line *line)
{
	struct tool_jobs *j = user;
	char text[120];
	int is_ours = line->reason == FRAME_MEMORY;

	j->got_call = 1;
	if (is_ours)
		snprintf (text, sizeof text,
			  "there is no memory for its %llu bytes",
			  (unsigned long long) line->full_len);
	else
		snprintf (text, sizeof text,
			  "the line has %llu bytes; give at most %zu",
			  (unsigned long long) line->full_len, LINE_MAX);
	refuse_line (j, &j->session->defaults, line->number, text,
		     is_ours ? STATUS_HOST : STATUS_USAGE);
}

static const struct frame_calls calls = {
	on_line,
	on_skip,
	on_skip_data,
	on_skip_end,
};

/* ---- the file ---- */

static int
open_file (struct tool_jobs *j, const char *file, struct lhk_error *err)
{
	struct stat st;
	int own;

	if (strcmp (file, "-") == 0) {
		if (isatty (STDIN_FILENO))
			cli_say ("tool",
				 "reading jobs from standard input, one per "
				 "line; press Ctrl-D to end it");
		own = signals_open_terminal (STDIN_FILENO);
		j->fd = own >= 0 ? own : STDIN_FILENO;
	} else {
		j->fd = open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (j->fd < 0 && errno == EINTR)
		return LHK_AGAIN;
	if (j->fd < 0)
		return error_set (err, LHK_EINVAL, errno,
				  "--jobs: cannot read '%.120s': %s", file,
				  strerror (errno));
	if (fstat (j->fd, &st) == 0 && S_ISDIR (st.st_mode))
		return error_set (err, LHK_EINVAL, EISDIR,
				  "--jobs: cannot read '%.120s': %s", file,
				  strerror (EISDIR));
	j->is_file = S_ISREG (st.st_mode);
	return LHK_OK;
}

int
tool_jobs_open (struct tool_session *s, const char *file,
		struct tool_jobs **ret, struct lhk_error *err)
{
	struct tool_jobs *j = mem_zero (&mem_system, sizeof *j);
	int r;

	*ret = NULL;
	if (j == NULL)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	j->session = s;
	j->name = file;
	if (frame_init (&j->frame, &calls, j, &mem_system, &j->budget, LINE_MAX,
			0)
	    < 0) {
		mem_free (&mem_system, j, sizeof *j);
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	}
	r = open_file (j, file, err);
	if (r == LHK_OK)
		*ret = j;
	else
		tool_jobs_close (j);
	return r;
}

static void
close_file (struct tool_jobs *j)
{
	if (j->fd > STDERR_FILENO)
		close (j->fd);
	j->fd = -1;
}

void
tool_jobs_close (struct tool_jobs *j)
{
	if (j == NULL)
		return;
	close_file (j);
	frame_done (&j->frame);
	tool_line_free (&j->line);
	mem_free (&mem_system, j, sizeof *j);
}

/* ---- reading ---- */

static void
end_jobs (struct tool_jobs *j)
{
	j->over = 1;
	j->at = j->len = 0;
	close_file (j);
}

/* After a signal no line is waited for; after the second, and when results
 * cannot be written, none is read either.  The calls go on if the reader of the
 * results has closed the pipe: they are made for their effects too. */
static void
check_end (struct tool_jobs *j)
{
	unsigned int n = signals_count ();

	if (n > 1 || stdout_error () != 0)
		end_jobs (j);
	else if (n > 0 && j->fd >= 0 && !j->is_file
		 && memchr (j->data + j->at, '\n', j->len - j->at) == NULL)
		end_jobs (j);
}

int
tool_jobs_start_next (struct tool_jobs *j)
{
	const char *from = j->data + j->at;
	const char *nl;
	size_t n;

	check_end (j);
	if (j->over || !tool_calls_room (j->session))
		return 0;
	j->got_call = 0;
	while (j->at < j->len && !j->got_call) {
		from = j->data + j->at;
		nl = memchr (from, '\n', j->len - j->at);
		n = nl == NULL ? j->len - j->at : (size_t) (nl - from) + 1;
		j->at += n;
		frame_feed (&j->frame, from, n);
	}
	if (!j->got_call && j->at == j->len && j->fd < 0) {
		j->over = 1;
		frame_end (&j->frame);
	}
	return j->got_call;
}

int
tool_jobs_fd (const struct tool_jobs *j)
{
	return j->at == j->len && tool_calls_room (j->session) ? j->fd : -1;
}

void
tool_jobs_read (struct tool_jobs *j)
{
	ssize_t n = read (j->fd, j->data, READ_SIZE);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) {
		async_stdio_say (&j->session->stdio,
				 "--jobs: cannot read '%.120s': %s; the rest "
				 "is not read",
				 j->name, strerror (errno));
		j->session->status =
			tool_worse (j->session->status, STATUS_HOST);
	}
	j->at = 0;
	j->len = n > 0 ? (size_t) n : 0;
	if (n <= 0)
		close_file (j);
}

int
tool_jobs_over (const struct tool_jobs *j)
{
	return j->over;
}
