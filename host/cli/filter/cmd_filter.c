/* SPDX-License-Identifier: MIT */
/* cmd_filter.c - `linehook filter': parse a file or standard input. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/crash.h"
#include "cli/session.h"
#include "common/fd.h"
#include "common/mem.h"

/* Seconds in which a result is made after a crash. */
#define LAST_SECONDS 30u

#define PIECE ((size_t) 256 << 10)

struct filter {
	struct session *session;
	const char *name; /* of the input, for sentences */
	int fd;
	int sys_errno; /* of a read that failed */
	int grown;     /* its pipe */
	struct lhk_stream *stream;
	const struct lhk_result *result;
};

static const char *const exits[] = { "verdict", "zero", NULL };

/* clang-format off: a table */
static const struct opt filter_opts[] = {
	{ .name = "exit",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct options, exit),
	  .choices = exits,
	  .help = "what the exit status reports",
	  .initial = "verdict" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group filter_groups[] = {
	{ "Output:", options_stream },
	{ "Exit status:", filter_opts },
	{ "Plugins:", options_plugins },
	{ "Diagnostics:", options_log },
	{ NULL, NULL },
};

static int
open_input (struct filter *f)
{
	struct stat st;

	if (f->name == NULL || strcmp (f->name, "-") == 0) {
		f->name = "standard input";
		f->fd = STDIN_FILENO;
	} else {
		f->fd = open (f->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (f->fd < 0 || fstat (f->fd, &st) < 0) {
		cli_say (f->session->who, "cannot read '%.200s': %s", f->name,
			 strerror (errno));
		return STATUS_USAGE;
	}
	if (S_ISDIR (st.st_mode)) {
		cli_say (f->session->who,
			 "cannot read '%.200s': it is a directory; give a file,"
			 " or - for standard input",
			 f->name);
		return STATUS_USAGE;
	}
	return -1;
}

static int
start_stream (struct filter *f)
{
	const char *name = session_plugin_name (f->session);
	const struct lhk_plugin_ref *plugin;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_stream_opts opts;
	int status = session_plugin (f->session, name, &plugin);

	if (status >= 0)
		return status;
	session_stream_opts (f->session, plugin, &opts);
	if (name == NULL)
		opts.flags |= LHK_STREAM_DETECT;
	if (lhk_stream_new (f->session->host, plugin, &opts, &f->stream, &err)
	    == LHK_OK)
		return -1;
	cli_say (f->session->who, "%s", err.text);
	return STATUS_HOST;
}

static void
write_piece (struct filter *f, const char *data, size_t len)
{
	output_bytes (&f->session->out, data, len);
	/* LHK_OK by contract: this stream is open and DATA is there. */
	(void) lhk_stream_write (f->stream, data, len);
	output_flush (&f->session->out);
}

/* Some bytes, 0 at the end.  A read that fails is an end too. */
static size_t
read_piece (struct filter *f, char *data)
{
	ssize_t n;

	for (;;) {
		n = read (f->fd, data, PIECE);
		if (n >= 0) {
			fd_grow_pipe (f->fd, (size_t) n, &f->grown);
			return (size_t) n;
		}
		if (errno == EAGAIN) {
			struct pollfd p = { f->fd, POLLIN, 0 };

			poll (&p, 1, -1);
		} else if (errno != EINTR) {
			f->sys_errno = errno;
			f->session->is_explained = 1;
			async_stdio_say (&f->session->stdio,
					 "cannot read '%.200s': %s", f->name,
					 strerror (errno));
			return 0;
		}
	}
}

/* STEP failed; NULL: none did. */
static int
finish (struct filter *f, const char *step)
{
	const struct lhk_outcome broken = {
		.size = sizeof broken,
		.end_reason = LHK_END_HOST_ERROR,
		.sys_errno = f->sys_errno,
		.step = step,
	};

	if (lhk_stream_finish (f->stream, step != NULL ? &broken : NULL,
			       &f->result)
	    != LHK_OK) {
		cli_say (f->session->who, "the stream has no result");
		return STATUS_HOST;
	}
	output_flush (&f->session->out);
	return session_status (f->session, f->result);
}

/* The plugin has crashed. */
static int
end_crashed (void *user, int crashed, const char *text)
{
	struct filter *f = user;

	(void) crashed;
	if (f->stream != NULL
	    && lhk_stream_abandon (f->stream, text) == LHK_OK) {
		crash_is_survived ();
		return finish (f, "plugin");
	}
	cli_say (f->session->who, "%s", text);
	return STATUS_HOST;
}

static int
filter_all (struct filter *f)
{
	char *data;
	size_t len;
	int status = open_input (f);

	if (status < 0)
		status = start_stream (f);
	if (status >= 0)
		return status;
	data = mem_new (&mem_system, PIECE);
	if (data == NULL) {
		cli_say (f->session->who, "out of memory");
		return STATUS_HOST;
	}
	output_flush (&f->session->out);
	while ((len = read_piece (f, data)) > 0)
		write_piece (f, data, len);
	mem_free (&mem_system, data, PIECE);
	return finish (f, f->sys_errno != 0 ? "read" : NULL);
}

static int
run_filter (const struct cli_command *self, int argc, char **argv)
{
	struct options o = OPTIONS_INIT;
	struct opt_operands operands = { NULL, 0 };
	struct filter f = { .fd = -1 };
	int status = cli_parse (self, argc, argv, &o, &operands);

	if (status < 0)
		status = session_new (self->name, &o, &f.session);
	if (status < 0) {
		const struct crash_owner owner = {
			.host = f.session->host,
			.who = self->name,
			.seconds = LAST_SECONDS,
			.end = end_crashed,
			.user = &f,
		};

		f.name = operands.items[0];
		crash_catch (&owner);
		status = filter_all (&f);
		lhk_stream_free (f.stream);
		crash_release ();
		session_free (f.session);
	}
	if (f.fd > STDERR_FILENO)
		close (f.fd);
	opt_operands_free (&operands);
	options_free (&o);
	return status;
}

const struct cli_command cmd_filter = {
	"filter",
	"[OPTIONS] [FILE]",
	"Turn the output of an agent, from FILE or standard input, into events.",
	run_filter,
	filter_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"codex exec --json \"say hello\" | linehook filter --format text",
	OPT_FILES,
};
