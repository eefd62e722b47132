/* SPDX-License-Identifier: MIT */
/* main.c - linehook-isolate: loads one plugin, and is its process. */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "isolate/isolate.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/isolate_proto.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/mem.h"
#include "plugin/description.h"
#include "plugin/load.h"

static int
send (uint32_t type, struct strbuf *body)
{
	static const char zeros[ISOLATE_ALIGNMENT];
	struct isolate_head head = {
		.type = type,
		.version = ISOLATE_VERSION,
	};

	strbuf_add (body, zeros, -body->len % ISOLATE_ALIGNMENT);
	head.len = body->len;
	if (strbuf_failed (body) < 0
	    || io_write_full (STDOUT_FILENO, &head, sizeof head) < 0
	    || io_write_full (STDOUT_FILENO, strbuf_str (body), body->len) < 0)
		return 1;
	return 0;
}

static int
refuse (uint32_t type, const char *sentence)
{
	struct strbuf body;

	strbuf_init (&body, &mem_system);
	strbuf_add_str (&body, sentence);
	send (type, &body);
	strbuf_free (&body);
	return 1;
}

/* What the process may take, whatever the plugin does. */
static void
set_limits (void)
{
	static const struct {
		int resource;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_AS, LIMIT_ISOLATE_MEMORY },
	};
	struct rlimit limit;
	size_t i;

	if (ISOLATE_SANITIZED)
		return;
	for (i = 0; i < ARRAY_SIZE (limits); i++) {
		limit.rlim_cur = limit.rlim_max = limits[i].most;
		setrlimit ((unsigned int) limits[i].resource, &limit);
	}
}

/* NULL if there is none. */
static struct isolate_journal *
map_journal (void)
{
	void *p = mmap (NULL, ISOLATE_JOURNAL_SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED, ISOLATE_JOURNAL_FD, 0);

	close (ISOLATE_JOURNAL_FD);
	return p == MAP_FAILED ? NULL : p;
}

static int
hello (const struct lhk_plugin *plugin)
{
	struct strbuf body;
	int r;

	strbuf_init (&body, &mem_system);
	description_write (&body, plugin);
	r = send (ISOLATE_HELLO, &body);
	strbuf_free (&body);
	return r;
}

int
main (int argc, char **argv)
{
	static const char usage[] =
		"linehook-isolate: this program is started by linehook, not by "
		"hand; see linehook-isolate(8)\n";
	struct lhk_error err = { 0, 0, "" };
	struct isolate_journal *journal;
	struct lhk_plugin plugin;
	const char *fault;

	if (argc < 2 || argc > 3 || strchr (argv[1], '/') == NULL) {
		io_write_full (STDERR_FILENO, usage, sizeof usage - 1);
		return 2;
	}
	/* The host's end of the pipes tells that it has died; this is for a
	 * plugin that does not come back to them. */
	if (argc == 3 && strcmp (argv[2], ISOLATE_DIE) == 0)
		prctl (PR_SET_PDEATHSIG, SIGKILL);
	fd_close_from (ISOLATE_JOURNAL_FD + 1);
	journal = map_journal ();
	set_limits ();
	fault = confine_loading ();
	if (fault != NULL)
		return refuse (ISOLATE_CANNOT, fault);
	if (plugin_load_open (argv[1], ISOLATE_FD, &plugin, &err) < 0)
		return refuse (ISOLATE_REFUSED, err.text);
	close (ISOLATE_FD);
	prctl (PR_SET_DUMPABLE, 0);
	fault = confine_running ();
	if (fault != NULL)
		return refuse (ISOLATE_CANNOT, fault);
	if (hello (&plugin) != 0)
		return 1;
	return serve (&plugin, journal);
}
