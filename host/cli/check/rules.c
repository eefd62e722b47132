/* SPDX-License-Identifier: MIT */
/*
 * rules.c - the table of the rules, in the order in which they are tried.
 *
 * What ends the process of a rule is blamed on the rule that owns such an end.
 * Owners come first: a rule that cannot be tried to its end because an earlier
 * one does not hold is skipped, and says which one that is.
 */
#include "config.h"

#include <string.h>

#include "cli/check/suite.h"
#include "common/macros.h"

#define ALIVE "returns no-crash no-exit"
#define LINES ALIVE " line-bounds line-read-only line-lifetime"
/* Without these no two readings give the same events. */
#define SAME LINES " call-time repeatable"

/* clang-format off: a table */
const struct check_rule check_rules[] = {
	{ .id = "loads",
	  .group = "file",
	  .holds = "the host loads it",
	  .fix = "the sentence says what the host refuses; see "
		 "linehook-plugin(3)" },
	{ .id = "exports",
	  .group = "file",
	  .holds = "it exports the descriptor alone",
	  .fix = "make everything else static, or build with "
		 "-fvisibility=hidden",
	  .fn = check_exports },
	{ .id = "imports",
	  .group = "file",
	  .holds = "it imports nothing from the library of the host",
	  .fix = "call only the functions of struct lhk_api, and link the JSON "
		 "reader in (pkg-config linehook-plugin)",
	  .fn = check_imports },
	{ .id = "descriptor",
	  .group = "file",
	  .holds = "the descriptor is complete",
	  .fix = "fill the members of struct lhk_plugin as linehook-plugin(3) "
		 "says",
	  .fn = check_descriptor },

	{ .id = "returns",
	  .group = "survival",
	  .holds = "each callback returns",
	  .fix = "read what line_hook was given and return; wait for nothing",
	  .fn = check_reading,
	  .flags = RULE_EACH,
	  .owns = END_HANG },
	{ .id = "no-crash",
	  .group = "survival",
	  .holds = "no callback crashes or aborts",
	  .fix = "build the plugin with -g; valgrind linehook filter "
		 "--no-isolate -p PLUGIN.so TRANSCRIPT names the line of its "
		 "source",
	  .fn = check_reading,
	  .flags = RULE_EACH,
	  .owns = END_CRASH,
	  .needs = "returns" },
	{ .id = "no-exit",
	  .group = "survival",
	  .holds = "no callback ends the process",
	  .fix = "return a negative code; the host reports it and goes on",
	  .fn = check_reading,
	  .flags = RULE_EACH,
	  .owns = END_EXIT,
	  .needs = "returns" },

	{ .id = "line-bounds",
	  .group = "line",
	  .holds = "nothing outside of the line and its padding is read",
	  .fix = "stop at data[len]; at most 64 bytes from there may be read",
	  .fn = check_page,
	  .flags = RULE_EACH,
	  .owns = END_OUTSIDE,
	  .needs = ALIVE },
	{ .id = "line-read-only",
	  .group = "line",
	  .holds = "the line is not written to",
	  .fix = "copy what you need to change",
	  .fn = check_page,
	  .flags = RULE_EACH,
	  .owns = END_WRITE,
	  .needs = ALIVE },
	{ .id = "line-lifetime",
	  .group = "line",
	  .holds = "no line is read when its line_hook has returned",
	  .fix = "copy what you keep: the bytes are gone when line_hook has "
		 "returned",
	  .fn = check_page,
	  .flags = RULE_EACH,
	  .owns = END_OLD_LINE,
	  .needs = ALIVE },

	{ .id = "call-time",
	  .group = "cost",
	  .holds = "no callback takes 100 ms of CPU time for a line of up to "
		   "1 MiB",
	  .fix = "do less for each line: the host waits for it",
	  .fn = check_call_time,
	  .flags = RULE_EACH,
	  .needs = LINES },
	{ .id = "time-growth",
	  .group = "cost",
	  .holds = "the time for a line grows as its length",
	  .fix = "look at each byte once: keep where you are, and do not "
		 "search, measure or copy from the start again",
	  .fn = check_time_growth,
	  .flags = RULE_EACH,
	  .needs = LINES " call-time" },
	{ .id = "memory",
	  .group = "cost",
	  .holds = "nothing stays allocated after close",
	  .fix = "free in close all that the handle has, also after an error",
	  .fn = check_leaks,
	  .flags = RULE_EACH | RULE_COUNTS,
	  .needs = LINES " call-time" },
	{ .id = "memory-growth",
	  .group = "cost",
	  .holds = "the memory of a handle stops growing",
	  .fix = "free what a line needed before line_hook returns, and bound "
		 "what you remember",
	  .fn = check_growth,
	  .flags = RULE_EACH | RULE_COUNTS,
	  .needs = LINES " call-time memory" },

	{ .id = "options",
	  .group = "calls",
	  .holds = "options that it does not know are ignored",
	  .fix = "look for the keys that you know, and leave the others",
	  .fn = check_options,
	  .needs = "returns" },
	{ .id = "open-close",
	  .group = "calls",
	  .holds = "open and close work without a line",
	  .fix = "set everything in open, and free it in close; NULL may be a "
		 "handle",
	  .fn = check_empty,
	  .sees = SEES_RETURNS,
	  .needs = "returns options" },
	{ .id = "return-values",
	  .group = "calls",
	  .holds = "callbacks return values that the host knows",
	  .fix = "LHK_OK; LHK_SKIP for a kind of line that you do not know, "
		 "LHK_HEARTBEAT for a sign of life, LHK_EPARSE for another "
		 "format",
	  .fn = check_reading,
	  .flags = RULE_EACH,
	  .sees = SEES_RETURNS,
	  .needs = LINES " call-time open-close" },
	{ .id = "events",
	  .group = "calls",
	  .holds = "events are valid",
	  .fix = "linehook-events(7) says which values a member may have",
	  .fn = check_reading,
	  .flags = RULE_EACH,
	  .sees = SEES_EVENTS,
	  .needs = LINES " call-time" },
	{ .id = "emit-place",
	  .group = "calls",
	  .holds = "events are emitted inside of callbacks, and not in close",
	  .fix = "emit what was held back in flush or exited",
	  .fn = check_reading,
	  .flags = RULE_EACH,
	  .sees = SEES_EMIT,
	  .needs = LINES " call-time" },
	{ .id = "after-error",
	  .group = "calls",
	  .holds = "a handle goes on after an error",
	  .fix = "leave the handle as it was before the line, and free nothing "
		 "twice",
	  .fn = check_after_error,
	  .flags = RULE_EACH,
	  .sees = SEES_RETURNS,
	  .needs = LINES " call-time return-values" },

	{ .id = "repeatable",
	  .group = "handles",
	  .holds = "each handle gives the same events for the same lines",
	  .fix = "keep all state in the handle: no static variables, no time, "
		 "no random numbers",
	  .fn = check_repeated,
	  .flags = RULE_EACH,
	  .needs = LINES " call-time" },
	{ .id = "handles",
	  .group = "handles",
	  .holds = "two handles that take turns do not affect each other",
	  .fix = "keep all state in the handle",
	  .fn = check_two_handles,
	  .flags = RULE_EACH,
	  .needs = SAME },
	{ .id = "threads",
	  .group = "handles",
	  .holds = "two handles on two threads do not affect each other",
	  .fix = "have no writable static data, also no buffer that one call "
		 "fills",
	  .fn = check_threads,
	  .flags = RULE_EACH,
	  .needs = SAME " handles" },

	{ .id = "padding",
	  .group = "input",
	  .holds = "the bytes after the line have no meaning",
	  .fix = "only data[len] is defined: it is a newline",
	  .fn = check_padding,
	  .flags = RULE_EACH,
	  .needs = SAME },
	{ .id = "refused-line",
	  .group = "input",
	  .holds = "a refused line leaves no trace",
	  .fix = "read the whole line before you change the handle or emit",
	  .fn = check_refused_lines,
	  .flags = RULE_EACH,
	  .needs = SAME },
	{ .id = "bytes",
	  .group = "input",
	  .holds = "NUL, CR, a byte order mark, bad UTF-8 and lone surrogates "
		   "do no harm",
	  .fix = "a line is LEN bytes of anything: use the reader of json.h, "
		 "and mark as a JSON body only what it returned",
	  .fn = check_bytes,
	  .flags = RULE_EACH,
	  .sees = SEES_RETURNS | SEES_EVENTS,
	  .needs = SAME " return-values events" },
	{ .id = "split",
	  .group = "stream",
	  .holds =
		  "every split point and every size of reads gives the events of "
		  "one read",
	  .fix = "keep no pointer into a line, and no state outside of the "
		 "handle",
	  .fn = check_splits,
	  .flags = RULE_EACH,
	  .needs = SAME " padding return-values" },
	{ .id = "truncation",
	  .group = "stream",
	  .holds = "the end of the stream changes no event before it",
	  .fix = "emit in flush what was held back, and accept half a line",
	  .fn = check_truncated,
	  .flags = RULE_EACH,
	  .needs = SAME " padding open-close return-values split" },
	{ .id = "line-limit",
	  .group = "stream",
	  .holds = "a line at the limit is read, and one byte more is oversize",
	  .fix = "accept lines with LHK_LINE_SALVAGED and LHK_LINE_HEAD_ONLY",
	  .fn = check_limit,
	  .flags = RULE_EACH,
	  .needs = SAME " padding open-close return-values" },
	{ .id = "damaged",
	  .group = "stream",
	  .holds = "damaged lines do no harm",
	  .fix = "return LHK_EPARSE for what is not in your format, before you "
		 "change the handle",
	  .fn = check_damaged,
	  .flags = RULE_EACH,
	  .needs = SAME " padding return-values split truncation" },

	{ .id = "probe-answer",
	  .group = "probe",
	  .holds = "the probe returns 0 or 1, judging by the line alone",
	  .fix = "look at data[0] to data[len - 1], and keep no state",
	  .fn = check_probe_answer,
	  .flags = RULE_EACH },
	{ .id = "probe-strict",
	  .group = "probe",
	  .holds = "the probe accepts no lines of other providers",
	  .fix = "look for a member that only your provider prints",
	  .fn = check_probe_strict,
	  .needs = "probe-answer" },

	{ .id = "no-writes",
	  .group = "process",
	  .holds = "nothing is written, sent or changed outside of its memory",
	  .fix = "say it with api->log, or emit a notice",
	  .fn = check_writes,
	  .flags = RULE_EACH | RULE_TRAPS,
	  .owns = END_SYSCALL,
	  .needs = ALIVE " call-time" },
	{ .id = "no-processes",
	  .group = "process",
	  .holds = "no process is started or sent a signal",
	  .fix = "a plugin only reads lines",
	  .fn = check_starts,
	  .flags = RULE_EACH | RULE_TRAPS,
	  .owns = END_FORK,
	  .needs = ALIVE " call-time" },
	{ .id = "no-threads",
	  .group = "process",
	  .holds = "no thread is started",
	  .fix = "do the work in the callback",
	  .fn = check_starts,
	  .flags = RULE_EACH | RULE_TRAPS,
	  .owns = END_THREAD,
	  .needs = ALIVE " call-time" },
	{ .id = "descriptors",
	  .group = "process",
	  .holds = "no descriptor stays open, or is closed or changed",
	  .fix = "close in close what open has opened, and no other; 0 to 2 "
		 "are the host's",
	  .fn = check_descriptors,
	  .flags = RULE_EACH,
	  .needs = ALIVE " call-time" },
	{ .id = "signals",
	  .group = "process",
	  .holds = "signal handlers, masks and timers stay as they are",
	  .fix = "handle no signals",
	  .fn = check_signals,
	  .flags = RULE_EACH,
	  .needs = ALIVE " call-time" },
	{ .id = "locale",
	  .group = "process",
	  .holds = "the locale stays as it is",
	  .fix = "read numbers with the reader of json.h",
	  .fn = check_locale,
	  .flags = RULE_EACH,
	  .needs = ALIVE " call-time" },
	{ .id = "environment",
	  .group = "process",
	  .holds = "the environment stays as it is",
	  .fix = "keep settings in the handle",
	  .fn = check_environment,
	  .flags = RULE_EACH,
	  .needs = ALIVE " call-time" },
	{ .id = "directory",
	  .group = "process",
	  .holds = "the working directory stays as it is",
	  .fix = "use absolute paths",
	  .fn = check_directory,
	  .flags = RULE_EACH,
	  .needs = ALIVE " call-time" },
	{ .id = "umask",
	  .group = "process",
	  .holds = "the umask stays as it is",
	  .fix = "create no files",
	  .fn = check_umask,
	  .flags = RULE_EACH,
	  .needs = ALIVE " call-time" },
	{ .id = "isolated",
	  .group = "process",
	  .holds = "in a process of its own it gives the same events",
	  .fix = "use nothing but the lines and options: an isolated plugin has "
		 "no environment, no files, and no system calls but for memory "
		 "and the time",
	  .fn = check_isolated,
	  .flags = RULE_EACH,
	  .needs = SAME " memory memory-growth padding open-close "
			"return-values events emit-place after-error handles "
			"threads split no-writes no-processes no-threads "
			"descriptors signals locale environment directory "
			"umask" },
	{ .id = NULL },
};

/* Functions whose effect a rule forbids.  They are looked for in the file too:
 * a transcript does not reach every line of the code. */
static const struct imports {
	const char *rule;
	const char *names;
	const char *unless; /* a child may call them */
} imports[] = {
	{ "no-crash", "abort raise", NULL },
	{ "no-exit", "exit _exit _Exit quick_exit", "fork vfork clone" },
	{ "no-processes",
	  "clone clone3 daemon execl execle execlp execv execve execvp execvpe "
	  "fexecve fork kill killpg popen posix_spawn posix_spawnp system "
	  "vfork",
	  NULL },
	{ "no-threads", "pthread_create thrd_create", NULL },
	{ "signals",
	  "alarm setitimer sigaction signal sigprocmask pthread_sigmask "
	  "timer_create",
	  NULL },
	{ "locale", "setlocale uselocale", NULL },
	{ "environment", "clearenv putenv setenv unsetenv", NULL },
	{ "directory", "chdir chroot fchdir", NULL },
	{ "umask", "umask", NULL },
};
/* clang-format on */

const char *
check_rule_imports (const struct check_rule *rule, const char **ret_unless)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (imports); i++)
		if (strcmp (imports[i].rule, rule->id) == 0) {
			*ret_unless = imports[i].unless;
			return imports[i].names;
		}
	return NULL;
}

size_t
check_n_rules (void)
{
	return ARRAY_SIZE (check_rules) - 1;
}

int
check_list_has (const char *list, const char *id)
{
	size_t len = strlen (id);

	while (list != NULL && *list != '\0') {
		size_t word = strcspn (list, " ");

		if (word == len && memcmp (list, id, len) == 0)
			return 1;
		list += word + strspn (list + word, " ");
	}
	return 0;
}
