/* SPDX-License-Identifier: MIT */
/*
 * fuzz_isolate.c - the library against a hostile process of an isolated plugin.
 *
 * No process is started: what it would have answered is in its pipe, closed
 * behind it.  With WHOLE the input is the bytes of the pipe from the description
 * on; else the process has described itself and opened well, and what follows are
 * answers, each behind its length, with JOURNAL the last of them in the journal;
 * or, with BYTES, all bytes as they are.  Whatever comes, the stream is whole, and
 * nothing is waited for.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "fuzz/observe.h"
#include "common/isolate_proto.h"
#include "common/mem.h"
#include "plugin/description.h"
#include "process/spawn.h"

enum { WHOLE = 1, BYTES = 2, ANY_LENGTH = 4, JOURNAL = 8 };

/* Flag of the length of an answer: the next one is in the same message. */
#define MORE 0x8000u

/* No process has this number: Linux has at most 2^22. */
#define NO_PROCESS INT32_MAX

#define LINES "{\"type\":\"a\",\"text\":\"words\"}\nplain\n\n{}\n"

static struct {
	char dir[4096];
	struct lhk_host *host; /* of a plugin that describes itself well */
	const struct lhk_plugin_ref *plugin;
	struct strbuf pipe;    /* what the next process answers */
	struct strbuf message; /* the answers of one message */
	struct isolate_journal journal;
	uint32_t generation, n, messages;
} all;

/* ---- the process ---- */

int
spawn_helper (const char *path, const char *const *argv,
	      const char *const *envp, const int fds[SPAWN_FDS], int own_group,
	      pid_t *ret)
{
	(void) path;
	(void) argv;
	(void) envp;
	(void) own_group;
	fcntl (fds[1], F_SETFL, O_NONBLOCK);
	if (all.pipe.len > 0 && write (fds[1], all.pipe.data, all.pipe.len) < 0
	    && errno != EAGAIN)
		abort ();
	/* Behind the journal's head is room for that of the message. */
	if (all.journal.n > 0
	    && (pwrite (fds[ISOLATE_JOURNAL_FD], &all.journal,
			sizeof all.journal, 0)
			< 0
		|| pwrite (fds[ISOLATE_JOURNAL_FD], all.message.data,
			   all.message.len,
			   sizeof all.journal + sizeof (struct isolate_head))
			   < 0))
		abort ();
	*ret = NO_PROCESS;
	return 0;
}

static void
put_message (uint32_t type, uint32_t generation, uint32_t n, const char *body,
	     size_t len)
{
	static const char zeros[ISOLATE_ALIGNMENT];
	const size_t pad = -len % ISOLATE_ALIGNMENT;
	const struct isolate_head head = {
		.type = type,
		.version = ISOLATE_VERSION,
		.generation = generation,
		.n = n,
		.len = len + pad,
	};

	strbuf_add (&all.pipe, &head, sizeof head);
	strbuf_add (&all.pipe, body, len);
	strbuf_add (&all.pipe, zeros, pad);
	all.messages += type == ISOLATE_ANSWERS;
}

static void
end_message (int failed)
{
	if (all.n > 0)
		put_message (ISOLATE_ANSWERS, all.generation, all.n,
			     strbuf_str (&all.message), all.message.len);
	strbuf_clear (&all.message);
	all.generation += failed;
	all.n = 0;
}

/* An answer, whose length is right unless ANY_LENGTH leaves it as it is. */
static void
put_answer (unsigned int options, const char *body, size_t len, int more)
{
	static const char zeros[sizeof (struct isolate_answer)];
	const size_t start = all.message.len;
	struct isolate_answer a;

	strbuf_add (&all.message, body, len);
	if (len < sizeof a)
		strbuf_add (&all.message, zeros, sizeof a - len);
	strbuf_add (&all.message, zeros, -all.message.len % ISOLATE_ALIGNMENT);
	memcpy (&a, all.message.data + start, sizeof a);
	if ((options & ANY_LENGTH) == 0)
		a.len = all.message.len - start - sizeof a;
	memcpy (all.message.data + start, &a, sizeof a);
	all.n++;
	if (!more)
		end_message (a.r < 0);
}

static int
line_hook (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_OK;
}

static int
open_handle (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n, void **ret)
{
	(void) api;
	(void) options;
	(void) n;
	(void) ret;
	return LHK_OK;
}

static void
close_handle (void *handle)
{
	(void) handle;
}

static int
exited (void *handle, const struct lhk_exit *how)
{
	(void) handle;
	(void) how;
	return LHK_OK;
}

static void
put_hello (void)
{
	static const struct lhk_plugin plugin = {
		.magic = LHK_PLUGIN_MAGIC,
		.size = sizeof plugin,
		.abi_minor = LHK_ABI_MINOR,
		.name = "fuzz",
		.provider = "fuzz",
		.version = "1",
		.summary = "answers anything",
		.open = open_handle,
		.line_hook = line_hook,
		.exited = exited,
		.close = close_handle,
	};
	struct strbuf text;

	strbuf_init (&text, &mem_system);
	description_write (&text, &plugin);
	put_message (ISOLATE_HELLO, 0, 0, text.data, text.len);
	strbuf_free (&text);
}

/* ---- files, which are opened and not read ---- */

static void
path_of (char path[sizeof all.dir + 32], const char *name)
{
	snprintf (path, sizeof all.dir + 32, "%s/%s", all.dir, name);
}

static void
remove_files (void)
{
	char path[sizeof all.dir + 32];

	lhk_host_free (all.host);
	strbuf_free (&all.pipe);
	strbuf_free (&all.message);
	path_of (path, "fuzz.so");
	unlink (path);
	path_of (path, "linehook-isolate");
	unlink (path);
	rmdir (all.dir);
}

static void
make_file (const char *name)
{
	char path[sizeof all.dir + 32];
	int fd;

	path_of (path, name);
	fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	if (fd < 0)
		abort ();
	close (fd);
}

static void
make_files (void)
{
	const char *tmp = getenv ("TMPDIR");

	snprintf (all.dir, sizeof all.dir, "%s/fuzz.XXXXXX",
		  tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp (all.dir) == NULL)
		abort ();
	make_file ("fuzz.so");
	make_file ("linehook-isolate");
	strbuf_init (&all.pipe, &mem_system);
	strbuf_init (&all.message, &mem_system);
	atexit (remove_files);
}

/* ---- the host ---- */

static struct lhk_host *
make_host (const struct lhk_plugin_ref **ret)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	char monitor[sizeof all.dir + 32], plugin[sizeof all.dir + 32];
	struct lhk_host *host;

	path_of (monitor, "linehook-exec");
	path_of (plugin, "fuzz.so");
	opts.flags = LHK_HOST_ISOLATE;
	opts.monitor = monitor;
	*ret = NULL;
	if (lhk_host_new (&opts, &host, NULL) < 0)
		abort ();
	if (lhk_host_plugin (host, plugin, ret, NULL) < 0)
		fuzz_count ("refused descriptions");
	return host;
}

static void
run_stream (struct lhk_host *host, const struct lhk_plugin_ref *plugin,
	    const char *input, size_t size)
{
	static const struct lhk_outcome outcome = { .size = sizeof outcome,
						    .end_reason =
							    LHK_END_EXITED,
						    .has_exit = 1 };
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const struct lhk_result *result;
	struct lhk_stream *stream;
	static struct observed o;

	observe_begin (&o, input, size, &so);
	if (lhk_stream_new (host, plugin, &so, &stream, NULL) == LHK_OK) {
		lhk_stream_write (stream, LINES, sizeof LINES - 1);
		if (lhk_stream_finish (stream, &outcome, &result) < 0)
			abort ();
		observe_end (&o, result);
		fuzz_count (o.events > 6 ? "streams with events" : "streams");
		lhk_stream_free (stream);
	}
	observe_free (&o);
}

/* ---- inputs ---- */

/* The answers of the input, each behind two bytes of its length. */
static void
put_answers (unsigned int options, const char *p, size_t len)
{
	size_t n = 0;
	int more;

	for (; len >= 2; p += n, len -= n) {
		n = (unsigned char) p[0] | (size_t) (unsigned char) p[1] << 8;
		more = (n & MORE) != 0;
		n &= MORE - 1;
		p += 2;
		len -= 2;
		if (n > len)
			n = len;
		more |= (options & JOURNAL) != 0 && len - n < 2;
		put_answer (options, p, n, more);
	}
	if ((options & JOURNAL) == 0)
		end_message (0);
	else
		all.journal = (struct isolate_journal){ all.messages + 1, all.n,
							all.message.len };
}

/* A host that describes the plugin by the input. */
static void
run_whole (const char *p, size_t len)
{
	const struct lhk_plugin_ref *plugin;
	struct lhk_host *host;

	strbuf_add (&all.pipe, p, len);
	host = make_host (&plugin);
	if (plugin != NULL)
		run_stream (host, plugin, p, len);
	lhk_host_free (host);
}

static void
begin (void)
{
	if (all.dir[0] == '\0')
		make_files ();
	strbuf_clear (&all.pipe);
	strbuf_clear (&all.message);
	memset (&all.journal, 0, sizeof all.journal);
	all.generation = 1;
	all.n = all.messages = 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	const char *p = (const char *) data + 1;

	if (size == 0 || size > 32768)
		return 0;
	begin ();
	if (data[0] & WHOLE) {
		run_whole (p, size - 1);
		return 0;
	}
	put_hello ();
	if (all.host == NULL)
		all.host = make_host (&all.plugin);
	put_answer (0, "", 0, 0);
	if (data[0] & BYTES)
		strbuf_add (&all.pipe, p, size - 1);
	else
		put_answers (data[0], p, size - 1);
	run_stream (all.host, all.plugin, p, size - 1);
	return 0;
}
