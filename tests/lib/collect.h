/* SPDX-License-Identifier: MIT */
/*
 * collect.h - drive a plugin without a host; its events as readable lines.
 *
 * Golden files (tests/transcripts/NAME/NNN.events) are what collect_run prints for
 * NNN.ndjson; `UPDATE=1' rewrites them, and the difference is to be read.
 *
 * One line per event: its kind, then KEY=VALUE for what was given, in the
 * order of the struct.  Texts are decoded and quoted, with \n \t \\ \" and
 * \xNN; of more than COLLECT_SHOWN bytes the head is shown, then the number of
 * all bytes and a checksum: "head"..(30000 bytes, 1a2b3c4d).  Besides events:
 *
 *	skip line=N		line_hook said LHK_SKIP
 *	heartbeat line=N	line_hook said LHK_HEARTBEAT
 *	unparsed line=N		line_hook said LHK_EPARSE
 *	error line=N code=C	any other failure; also at flush and exited
 *	broken ...		the plugin broke a rule of the ABI
 *
 * As in the real host, events of a failed callback are dropped, and nothing an
 * event points to is read before its callback has returned.
 */
#ifndef TESTS_COLLECT_H
#define TESTS_COLLECT_H

#include <stdio.h>

#include <linehook/plugin.h>

#define COLLECT_SHOWN 160

struct collect_opts {
	const struct lhk_option *options; /* of open */
	size_t n_options;
	uint32_t line_flags;	    /* LHK_LINE_* added to every line */
	const struct lhk_exit *how; /* NULL: exited is not called */
};

/* OPTS may be NULL.  LHK_OK, or what open said. */
int collect_run (const struct lhk_plugin *plugin, const char *data, size_t len,
		 const struct collect_opts *opts, FILE *out);

/* The same, as a NUL-terminated string to be freed. */
char *collect_text (const struct lhk_plugin *plugin, const char *data,
		    size_t len, const struct collect_opts *opts);

/* Compare what FILE.ndjson gives with FILE.events (or rewrite it when UPDATE
 * is set in the environment): 1 when equal; differences are printed. */
int collect_golden (const struct lhk_plugin *plugin, const char *stem);

/* collect_golden for each *.ndjson of DIR, in order; the number of files,
 * and in *RET_BAD how many differ. */
int collect_golden_dir (const struct lhk_plugin *plugin, const char *dir,
			int *ret_bad);

#endif /* TESTS_COLLECT_H */
