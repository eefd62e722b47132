/* SPDX-License-Identifier: MIT */
/* record_check.c - check what the library says of a record that may be cut. */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "record/layout.h"
#include "lib/clock.h"
#include "lib/record_check.h"
#include "lib/leaks.h"

/* A call that takes longer waits for something. */
#define AT_ONCE_MS 30000

struct look {
	struct lhk_store *store;
	const char *dir, *id;
	struct record_found *found;
	int listed, others;
};

static const char *
read_answer (struct look *l, const struct lhk_str *text)
{
	json_object *o = json_tokener_parse (text->ptr);
	json_object *v = NULL;
	const char *fault = NULL;

	if (o == NULL || !json_object_is_type (o, json_type_object))
		fault = "the answer is no JSON object";
	else if (!json_object_object_get_ex (o, "verdict", &v))
		fault = "the answer has no verdict";
	else if (l->found->status == LHK_RECORD_LOST
		 && (strcmp (json_object_get_string (v), "host_error") != 0
		     || !json_object_object_get_ex (o, "error", &v)))
		fault = "what is lost is not explained";
	else if (l->found->status == LHK_RECORD_LOST)
		snprintf (l->found->why, sizeof l->found->why, "%s",
			  json_object_get_string (v));
	json_object_put (o);
	return fault;
}

static const char *
show (struct look *l)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str text;
	int r = lhk_store_show (l->store, l->id,
				LHK_INCLUDE_STATE | LHK_INCLUDE_REQUEST, &text,
				&l->found->status, &err);

	if (r == LHK_ENOTFOUND && err.text[0] != '\0') {
		l->found->status = 0;
		return NULL;
	}
	if (r < 0)
		return "show fails";
	if (l->found->status == LHK_RECORD_RUNNING)
		return "show says that it runs";
	return read_answer (l, &text);
}

static const char *
await (struct look *l)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_str text;
	uint64_t polls = 0;
	int status = 0;
	int r;

	o.polls = &polls;
	r = lhk_store_wait (l->store, l->id, &o, &text, &status, NULL);
	if (polls > 1)
		return "wait waits";
	if (l->found->status == 0)
		return r == LHK_ENOTFOUND ? NULL : "wait finds what is not";
	if (r != LHK_OK || status != l->found->status)
		return "wait says another thing than show";
	return read_answer (l, &text);
}

/* Lines of the file, each behind its newline. */
static uint64_t
count_lines (const struct look *l)
{
	char path[256], buf[4096];
	uint64_t n = 0;
	ssize_t len, i;
	int fd;

	snprintf (path, sizeof path, "%s/%s/" RECORD_EVENTS, l->dir, l->id);
	fd = open (path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (len = read (fd, buf, sizeof buf)) > 0)
		for (i = 0; i < len; i++)
			n += buf[i] == '\n';
	if (fd >= 0)
		close (fd);
	return n;
}

static const char *
check_line (const struct lhk_str *line, uint64_t seq)
{
	char text[1024];
	unsigned long long n = 0;

	if (line->len == 0 || line->ptr[line->len - 1] != '}')
		return "follow gives half a line";
	snprintf (text, sizeof text, "%.*s",
		  line->len > 64 ? 64 : (int) line->len, line->ptr);
	return sscanf (text, "{\"seq\":%llu,", &n) == 1 && n == seq
		       ? NULL
		       : "follow gives lines that are not in order";
}

static const char *
follow_from (struct look *l, uint64_t from, uint64_t *ret_n)
{
	struct lhk_cursor *c = NULL;
	const char *fault = NULL;
	struct lhk_str line;
	uint64_t n = 0;
	int r = lhk_cursor_open (l->store, l->id, from, 0, &c, NULL);

	while (r == LHK_OK && fault == NULL) {
		r = lhk_cursor_next (c, &line, NULL);
		if (r == LHK_OK)
			fault = check_line (&line, from + n++);
	}
	lhk_cursor_free (c);
	*ret_n = n;
	if (fault == NULL
	    && r
		       != (l->found->status == LHK_RECORD_ENDED ? LHK_END
			   : l->found->status == LHK_RECORD_LOST
				   ? LHK_ESTATE
				   : LHK_ENOTFOUND))
		fault = "follow does not end as it should";
	return fault;
}

static const char *
follow (struct look *l)
{
	uint64_t lines = count_lines (l);
	uint64_t half = lines / 2 + 1;
	uint64_t n = 0;
	const char *fault = follow_from (l, 1, &l->found->events);

	if (fault == NULL && l->found->events != lines)
		fault = "follow does not give all lines";
	if (fault == NULL && lines > 0) {
		fault = follow_from (l, half, &n);
		if (fault == NULL && n != lines - half + 1)
			fault = "from the middle on lines are missing";
	}
	return fault;
}

static int
take (void *user, const struct lhk_record_info *info)
{
	struct look *l = user;

	if (strcmp (info->id, l->id) != 0)
		l->others++;
	else if (info->status == l->found->status)
		l->listed++;
	else
		l->listed = -1000;
	return 0;
}

static const char *
list (struct look *l)
{
	l->listed = l->others = 0;
	if (lhk_store_list (l->store, NULL, take, l, NULL) < 0)
		return "the list fails";
	return l->listed == (l->found->status != 0)
		       ? NULL
		       : "the list says another thing than show";
}

/* The drafts of a record that are old enough to be known as left. */
static void
age (const char *dir)
{
	struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
	const struct dirent *e;
	DIR *d = opendir (dir);

	while (d != NULL && (e = readdir (d)) != NULL)
		if (e->d_name[0] == '.' && strlen (e->d_name) > 2)
			utimensat (dirfd (d), e->d_name, times, 0);
	if (d != NULL)
		closedir (d);
}

/* Nothing but the index, and other runs, is in the store. */
static const char *
is_clean (const struct look *l)
{
	const char *fault = NULL;
	const struct dirent *e;
	DIR *d = opendir (l->dir);

	while (d != NULL && (e = readdir (d)) != NULL)
		if (strcmp (e->d_name, l->id) == 0
		    || (e->d_name[0] == '.' && strlen (e->d_name) > 2))
			fault = "something is left in the store";
	if (d != NULL)
		closedir (d);
	return fault;
}

static const char *
collect (struct look *l)
{
	int r = lhk_store_remove (l->store, l->id, NULL);

	if (r != (l->found->status == 0 ? LHK_ENOTFOUND : LHK_OK))
		return "it cannot be removed";
	age (l->dir);
	if (lhk_store_repair (l->store, NULL) < 0)
		return "the store cannot be tidied";
	l->found->status = 0;
	if (list (l) != NULL)
		return "it is listed and not there";
	return is_clean (l);
}

static const char *
look_at (struct look *l)
{
	static const char *(*const looks[]) (struct look * l) = {
		show, await, follow, list, show,
	};
	const char *fault = NULL;
	int status;
	size_t i;

	for (i = 0; fault == NULL && i < sizeof looks / sizeof looks[0]; i++)
		fault = looks[i](l);
	status = l->found->status;
	if (fault == NULL)
		fault = collect (l);
	l->found->status = status;
	return fault;
}

const char *
record_check (const char *dir, const char *id, struct record_found *ret)
{
	struct look l = { .dir = dir, .id = id, .found = ret };
	long long began = now_ms ();
	int fds = count_fds ();
	const char *fault;

	memset (ret, 0, sizeof *ret);
	if (lhk_store_open (dir, NULL, &l.store, NULL) < 0)
		return "the store cannot be opened";
	fault = look_at (&l);
	lhk_store_free (l.store);
	if (fault == NULL && count_fds () != fds)
		fault = "a descriptor is left";
	if (fault == NULL && now_ms () - began > AT_ONCE_MS)
		fault = "it took too long";
	return fault;
}
