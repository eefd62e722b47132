/* SPDX-License-Identifier: MIT */
/*
 * host.h - the object an embedder creates first and frees last.
 *
 * A host owns no thread, no signal handler and no global variable.  Two hosts
 * in one process do not know of each other.  A host and everything made from
 * it is used by one thread at a time; lhk_host_wake and lhk_run_cancel are
 * the only functions any thread may call at any time.
 *
 * After fork() the child may only call lhk_host_free; all else returns
 * LHK_EFORKED and touches nothing.
 */
#ifndef LHK_HOST_H
#define LHK_HOST_H

#include <linehook/base.h>
#include <linehook/plugin.h>

LHK_BEGIN_DECLS

struct lhk_host; /* opaque */

/*
 * Memory.  resize (ctx, NULL, 0, n) allocates, resize (ctx, p, n, 0) frees
 * and returns NULL, resize (ctx, p, n, m) grows or shrinks; NULL for m > 0
 * means no memory, and p is as it was.
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

struct lhk_host_opts {
	uint32_t size;	/* set by LHK_HOST_OPTS_INIT */
	uint32_t flags; /* 0 */
	void *user;	/* given to the callbacks below */
	void (*log) (void *user, const struct lhk_log *record); /* or NULL */
	const struct lhk_alloc *alloc; /* or NULL: malloc family; copied */
	const char *monitor;  /* path of linehook-exec; NULL: as installed */
	size_t buffer_budget; /* bytes, line buffers of all streams; 0: none */
};

/* clang-format off */
#define LHK_HOST_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_host_opts), 0, NULL, NULL, NULL, NULL, 0 }
/* clang-format on */

LHK_EXPORT LHK_MUST_CHECK int lhk_host_new (const struct lhk_host_opts *opts,
					    struct lhk_host **ret,
					    struct lhk_error *err);

/* Ends every run at once (kill, no grace), frees everything.  NULL is fine. */
LHK_EXPORT void lhk_host_free (struct lhk_host *host);

/*
 * Being driven.  The descriptor becomes readable when dispatch has work to
 * do; timers are inside it, so there is no timeout to ask for.  Put it in any
 * poll, epoll, libuv, asyncio or GLib loop, read-side only.  Never read from
 * it or close it.  It is made by the first call or the first run: a host that
 * only has streams owns no descriptor.  Negative: LHK_ESYS or LHK_EFORKED.
 */
LHK_EXPORT int lhk_host_fd (struct lhk_host *host);

/* Do what can be done.  timeout_ms: 0 never blocks, -1 waits for work.
 * Returns how many runs ended, 0, or a negative code. */
LHK_EXPORT LHK_MUST_CHECK int lhk_host_dispatch (struct lhk_host *host,
						 int timeout_ms);

/* Make a blocked dispatch return.  Any thread, and signal handlers. */
LHK_EXPORT void lhk_host_wake (struct lhk_host *host);

/* ---- plugins ---- */

struct lhk_plugin_ref; /* a loaded plugin; lives as long as its host */

/* Search this directory for NAME.so; earlier calls are searched first. */
LHK_EXPORT LHK_MUST_CHECK int lhk_host_add_plugin_dir (struct lhk_host *host,
						       const char *dir);

/* The directory the shipped plugins were installed in. */
LHK_EXPORT const char *lhk_plugin_dir (void);

/* Use a descriptor linked into the program; for tests and static builds. */
LHK_EXPORT LHK_MUST_CHECK int
lhk_host_add_plugin (struct lhk_host *host, const struct lhk_plugin *plugin,
		     struct lhk_error *err);

/* Find by name, or by path if it contains a slash; loads on first use. */
LHK_EXPORT LHK_MUST_CHECK int
lhk_host_plugin (struct lhk_host *host, const char *name,
		 const struct lhk_plugin_ref **ret, struct lhk_error *err);

/*
 * Every NAME.so in the directories and every added descriptor, in search
 * order: a file that was refused has REF NULL and the reason in ERR; a file
 * behind an earlier one of its name has SHADOWED 1 and was not loaded.
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

/* The plugin that serves this command (its words, NULL-terminated), through
 * env, node, npx and the like; or that accepts this line by its probe (DATA
 * as in struct lhk_line).  LHK_OK, or LHK_ENOTFOUND. */
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

LHK_END_DECLS

#endif /* LHK_HOST_H */
