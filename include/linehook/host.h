/* SPDX-License-Identifier: MIT */
/*
 * host.h - the object an embedder creates first and frees last.
 *
 * A host owns no thread, no signal handler and no global variable.  Two hosts
 * in one process do not know of each other.  A host and everything made from
 * it may be used by one thread at a time; only lhk_host_wake, lhk_host_callback
 * and lhk_run_cancel may be called by any thread at any time.
 *
 * After fork() the child may only call lhk_host_free; every other function
 * returns LHK_EFORKED and changes nothing.
 */
#ifndef LHK_HOST_H
#define LHK_HOST_H

#include <linehook/base.h>
#include <linehook/plugin.h>

LHK_BEGIN_DECLS

struct lhk_host; /* opaque */

/*
 * An allocator.  resize (ctx, NULL, 0, n) allocates n bytes, resize (ctx, p, n,
 * 0) frees p and returns NULL, resize (ctx, p, n, m) grows or shrinks p from n
 * to m bytes.  When it returns NULL for m > 0 there is no memory, and p is
 * unchanged.
 */
struct lhk_alloc {
	void *ctx;
	void *(*resize) (void *ctx, void *ptr, size_t old_size,
			 size_t new_size);
};

/* One log record.  Borrowed for the call. */
struct lhk_log {
	uint32_t size;
	int32_t level;	  /* LHK_LOG_* */
	const char *code; /* stable word: "oversize", "plugin-refused" */
	const char *text; /* one English line */
	const char *const *fields; /* key, value, key, value, NULL */
};

/* Flags of a host. */
enum {
	/* Each plugin file is loaded by a process of its own, linehook-isolate,
	 * which can read lines and answer with events and do nothing else: a
	 * plugin that crashes, hangs, or calls the system otherwise costs the
	 * stream its plugin, and no more.  Plugins that are linked in stay in
	 * this process. */
	LHK_HOST_ISOLATE = 1 << 0,
	/* The same, but not for the files of lhk_plugin_dir, which came with the
	 * library or were installed by who may install that. */
	LHK_HOST_ISOLATE_OTHERS = 1 << 1
};

struct lhk_host_opts {
	uint32_t size;	/* set by LHK_HOST_OPTS_INIT */
	uint32_t flags; /* LHK_HOST_* */
	void *user;	/* given to the callbacks below */
	void (*log) (void *user, const struct lhk_log *record); /* or NULL */
	const struct lhk_alloc *alloc; /* or NULL: malloc family; copied */
	/* Absolute path of linehook-exec; NULL: as installed.  Nobody but root
	 * and the user may be able to change or exchange the file. */
	const char *monitor;
	size_t buffer_budget; /* bytes, line buffers of all streams; 0: none */
};

/* clang-format off */
#define LHK_HOST_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_host_opts), 0, NULL, NULL, NULL, NULL, 0 }
/* clang-format on */

LHK_EXPORT LHK_MUST_CHECK int lhk_host_new (const struct lhk_host_opts *opts,
					    struct lhk_host **ret,
					    struct lhk_error *err);

/* Kill every run without grace, and free everything that was made from HOST but
 * its streams, which keep what they need until they are freed.  From inside a
 * callback it takes effect after the turn.  NULL is fine. */
LHK_EXPORT void lhk_host_free (struct lhk_host *host);

/*
 * A descriptor that is readable when lhk_host_dispatch has work to do.  It
 * includes the timers, so no timeout has to be computed.  Wait for it to become
 * readable in any poll, epoll, libuv, asyncio or GLib loop; never read from it
 * or close it.  It is made by the first call or the first run: a host that only
 * has streams owns no descriptor.  Negative: LHK_ESYS, LHK_ENOMEM, LHK_EINVAL or
 * LHK_EFORKED.
 */
LHK_EXPORT int lhk_host_fd (struct lhk_host *host);

/* Do the work that there is; every callback is called from here.  timeout_ms: 0
 * never blocks, -1 waits for work without limit.  Returns how many runs ended,
 * or a negative code. */
LHK_EXPORT LHK_MUST_CHECK int lhk_host_dispatch (struct lhk_host *host,
						 int timeout_ms);

/* Make a dispatch that waits return.  May be called from any thread and from
 * signal handlers. */
LHK_EXPORT void lhk_host_wake (struct lhk_host *host);

/* ---- callbacks of plugins ---- */

enum {
	LHK_CALLBACK_OPEN = 1,
	LHK_CALLBACK_LINE_HOOK = 2,
	LHK_CALLBACK_FLUSH = 3,
	LHK_CALLBACK_EXITED = 4,
	LHK_CALLBACK_CLOSE = 5,
	LHK_CALLBACK_PROBE = 6
};

/* A callback of a plugin that is running. */
struct lhk_callback {
	uint32_t size;	  /* sizeof (struct lhk_callback) of the library */
	int32_t callback; /* LHK_CALLBACK_* */
	const struct lhk_plugin *plugin; /* valid as long as the host */
	uint64_t line;	  /* number of its line in the stream; 0: none */
	int64_t ms;	  /* for how long it has been running */
	int32_t in_host;  /* 1: it has called lhk_api.log, and that has not
			     returned */
	int32_t reserved; /* 0 */
};

/*
 * Which callback is the thread that uses HOST in?  1, and RET is filled; 0: in
 * none.  Any thread may ask at any time, and signal handlers too: it takes no
 * lock, and a plugin that never returns does not keep it from answering.
 * HOST must exist.  The time is that of a coarse clock, some milliseconds.
 */
LHK_EXPORT int lhk_host_callback (const struct lhk_host *host,
				  struct lhk_callback *ret);

/* "line_hook", for LHK_CALLBACK_*; "?" for anything else. */
LHK_EXPORT const char *lhk_callback_name (int callback);

/* ---- plugins ---- */

struct lhk_plugin_ref; /* a loaded plugin; lives as long as its host */

/* Search DIR, too, for NAME.so.  Directories are searched in the order of the
 * calls.  LHK_OK, LHK_EINVAL (DIR is not absolute), LHK_EFORKED or
 * LHK_ENOMEM. */
LHK_EXPORT LHK_MUST_CHECK int lhk_host_add_plugin_dir (struct lhk_host *host,
						       const char *dir);

/* The directory in which the plugins of this linehook were installed. */
LHK_EXPORT const char *lhk_plugin_dir (void);

/* Use a plugin that is linked into the program.  PLUGIN is borrowed and must
 * outlive the host. */
LHK_EXPORT LHK_MUST_CHECK int
lhk_host_add_plugin (struct lhk_host *host, const struct lhk_plugin *plugin,
		     struct lhk_error *err);

/* Find a plugin by name, or by its absolute path if NAME contains a slash.  It is
 * loaded on first use, and *RET is valid as long as the host. */
LHK_EXPORT LHK_MUST_CHECK int
lhk_host_plugin (struct lhk_host *host, const char *name,
		 const struct lhk_plugin_ref **ret, struct lhk_error *err);

/*
 * Every NAME.so in the directories and every added descriptor, in search
 * order.  A file that was refused has REF NULL and the reason in ERR.  A file
 * whose name was found earlier has SHADOWED 1 and was not loaded.
 * Returns the number of entries, or a negative code.
 */
struct lhk_plugin_entry {
	uint32_t size;
	int32_t shadowed;
	const char *name;
	const char *path; /* NULL: linked in */
	const struct lhk_plugin_ref *ref;
	const struct lhk_error *err;
};
typedef void lhk_plugin_entry_fn (void *user,
				  const struct lhk_plugin_entry *entry);
LHK_EXPORT int lhk_host_list_plugins (struct lhk_host *host,
				      lhk_plugin_entry_fn *fn, void *user);

/* The plugin that serves this command (NULL-terminated), also behind env, node,
 * npx and the like; or the plugin whose probe accepts this line (DATA as in
 * struct lhk_line).  LHK_OK or LHK_ENOTFOUND. */
LHK_EXPORT LHK_MUST_CHECK int
lhk_host_plugin_for_command (struct lhk_host *host, const char *const *argv,
			     const struct lhk_plugin_ref **ret);
LHK_EXPORT LHK_MUST_CHECK int
lhk_host_plugin_for_line (struct lhk_host *host, const char *data, size_t len,
			  const struct lhk_plugin_ref **ret);

LHK_EXPORT const char *lhk_plugin_ref_name (const struct lhk_plugin_ref *p);
LHK_EXPORT const char *lhk_plugin_ref_path (const struct lhk_plugin_ref *p);

/* The descriptor, completed with NULLs; valid as long as the host. */
LHK_EXPORT const struct lhk_plugin *
lhk_plugin_ref_descriptor (const struct lhk_plugin_ref *p);

/* ---- command lines ---- */

/* Flags of a command. */
enum {
	LHK_COMMAND_DELTAS = 1 << 0 /* texts in pieces, where the agent can */
};

/* Everything is borrowed for the call. */
struct lhk_command_opts {
	uint32_t size;		 /* set by LHK_COMMAND_OPTS_INIT */
	uint32_t flags;		 /* LHK_COMMAND_* */
	const char *prompt;	 /* NULL: the agent reads it from its stdin */
	const char *model;	 /* or NULL: the agent's own choice */
	const char *session;	 /* to resume; or NULL: a new one */
	const char *permissions; /* or NULL: the agent's own */
	const char *const *args; /* more words, up to a NULL; or NULL */
};

/* clang-format off */
#define LHK_COMMAND_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_command_opts), 0, NULL, NULL, NULL, \
	  NULL, NULL }
/* clang-format on */

/*
 * Make the command line that starts the agent of PLUGIN, by the template in its
 * descriptor.  *RET ends with NULL and is lhk_command_free's; words are never
 * joined or passed through a shell.  LHK_OK; LHK_EUNSUPPORTED if the plugin has
 * no template, or it does not provide for what was asked; LHK_EINVAL for a
 * text that is empty, or a session that begins with '-'; LHK_ENOMEM.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_plugin_command (const struct lhk_plugin_ref *plugin,
		    const struct lhk_command_opts *opts, char ***ret,
		    struct lhk_error *err);

/*
 * The words with which a person resumes SESSION at a terminal, such as "claude
 * --resume ID".  SESSION comes from an agent: LHK_EINVAL unless it has 1 to 128
 * of the characters A-Z a-z 0-9 . _ : - and does not begin with '-'.  Else as
 * lhk_plugin_command.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_plugin_resume_command (const struct lhk_plugin_ref *plugin,
			   const char *session, char ***ret,
			   struct lhk_error *err);

/* Free a command line; NULL is fine.  Its host may be gone. */
LHK_EXPORT void lhk_command_free (char **argv);

LHK_END_DECLS

#endif /* LHK_HOST_H */
