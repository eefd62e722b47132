/* SPDX-License-Identifier: MIT */
/*
 * plugin.h - how to write a linehook plugin.  See linehook-plugin(3).
 *
 * A plugin is a shared object that exports ONE symbol, a constant struct
 * lhk_plugin.  It turns the lines of one provider into events.  It links
 * with nothing of ours: everything it may call arrives in struct lhk_api.
 * (The static JSON reader of json.h becomes part of the plugin itself.)
 *
 *	load .so -> open -> line_hook (once per line) -> flush -> exited -> close
 *
 * Threads.  All calls on one handle come one after another.  Calls on
 * different handles may come at the same time from different threads, so a
 * plugin keeps its state in the handle and has no writable statics.
 *
 * Manners.  A plugin must not: block, start threads or processes, install
 * signal handlers, change locale, directory, umask or environment, write to
 * descriptors 0-2, call exit or abort, let an exception or longjmp escape.
 *
 * Memory.  Whoever allocates frees.  Nothing is ever freed across this border.
 *
 * Compatibility.  See linehook-abi(7).  Within one MAJOR members are only
 * added at the end, numbers are never reused and a meaning never changes.
 */
#ifndef LHK_PLUGIN_H
#define LHK_PLUGIN_H

#include <linehook/base.h>
#include <linehook/event.h>

LHK_BEGIN_DECLS

/* The ABI this header describes.  MAJOR is in the symbol name. */
#define LHK_ABI_MAJOR 1
#define LHK_ABI_MINOR 0

#define LHK_PLUGIN_MAGIC 0x4c484b31u /* "LHK1" */

/* Flags of a line. */
enum {
	LHK_LINE_UNTERMINATED = 1 << 0, /* end of stream without a newline */
	LHK_LINE_HAD_CR = 1 << 1,	/* CR LF; the CR is not in data */
	LHK_LINE_HEAD_ONLY = 1 << 2,	/* too long; data is only its head */
	LHK_LINE_REPAIRED = 1 << 3,	/* bad bytes in strings became U+FFFD */
	LHK_LINE_SALVAGED = 1 << 4 /* too long; data is a JSON object made of
				      the top-level scalars found in it */
};

/* Bytes that may be read behind the end of a line; their value is undefined
 * except for the first, data[len], which is always '\n'. */
#define LHK_LINE_PADDING 64

/*
 * One line without its newline.  Borrowed until line_hook returns.
 * data[len] is '\n', and LHK_LINE_PADDING bytes from there may be read.
 */
struct lhk_line {
	uint32_t size;	   /* sizeof (struct lhk_line) of the host */
	uint32_t flags;	   /* LHK_LINE_* */
	const char *data;  /* not NUL-terminated, may contain NUL */
	size_t len;	   /* bytes in data */
	uint64_t full_len; /* bytes in the stream; > len if too long */
	uint64_t number;   /* from 1 */
};

/*
 * The host as a plugin sees it.  The pointer given to open stays valid until
 * close returns.  Call these only from inside a callback of the same handle.
 */
struct lhk_api {
	uint32_t size; /* sizeof (struct lhk_api) of the host */
	uint16_t abi_major;
	uint16_t abi_minor;
	void *ctx; /* first argument of every function below */

	/*
	 * Deliver an event.  The host copies the struct at once and reads what
	 * it points to after the callback has returned LHK_OK or LHK_SKIP: that
	 * must lie in the line, in the handle or in constants, never in
	 * automatic variables of the callback.  If the callback fails, none of
	 * its events is delivered.  LHK_OK; LHK_EUNSUPPORTED for a kind this
	 * host does not know (not an error); LHK_EINVAL for a struct that is
	 * too small or too large or that points to nothing; LHK_ELIMIT for
	 * more than 65,536 events in one callback; LHK_ENOMEM.  After one of
	 * the last three the callback counts as failed, whatever it returns.
	 * LHK_ESTATE outside of a callback, and in close.  A consumer that
	 * fails is the host's business: emit never reports it.
	 */
	int (*emit) (void *ctx, const struct lhk_event *event);

	/* Say something to the operator.  Rate-limited by the host. */
	void (*log) (void *ctx, int level, const char *fmt, ...)
		LHK_PRINTF (3, 4);

	/* ---- end of ABI 1.0; new members go below this line only ---- */
};

/* Does this host offer MEMBER?  Needed only for members after 1.0. */
#define LHK_API_HAS(api, member)                                               \
	((api)->size                                                           \
		 >= offsetof (struct lhk_api, member) + sizeof ((api)->member) \
	 && (api)->member != NULL)

/*
 * Options of one stream, as key and value, borrowed until open returns.  The
 * host gives "arg" once for each word of the command, in order, when it
 * knows them.  A plugin ignores keys that it does not know.
 */
struct lhk_option {
	const char *key;
	const char *value;
};

/* How the child ended. */
struct lhk_exit {
	uint32_t size;	  /* sizeof (struct lhk_exit) of the host */
	int32_t code;	  /* exit status, or -1 */
	int32_t signal;	  /* signal number, or 0 */
	int32_t reserved; /* 0 */
	struct lhk_str stderr_tail;
};

/* Flags of a descriptor. */
enum {
	/* Lines are JSON objects: the host repairs bad bytes in strings of a
	 * line that was refused with LHK_EPARSE and offers it once more. */
	LHK_PLUGIN_JSON = 1 << 0,
	/* The program loses output on a pipe: give it a file as stdout. */
	LHK_PLUGIN_STDOUT_FILE = 1 << 1,
	/* The provider says how a run ended: an end of file without such a
	 * claim is a truncated run. */
	LHK_PLUGIN_CLAIMS = 1 << 2
};

/*
 * The descriptor.  The host copies min (its size, our size) bytes into a
 * zeroed struct of its own, so members a side does not know are NULL there.
 */
struct lhk_plugin {
	uint32_t magic;	      /* set by LHK_PLUGIN_HEADER */
	uint32_t size;	      /* set by LHK_PLUGIN_HEADER */
	uint16_t abi_minor;   /* set by LHK_PLUGIN_HEADER */
	uint16_t needs_minor; /* least host minor it can live with; often 0 */
	uint32_t flags;	      /* LHK_PLUGIN_*; unknown bits are refused */

	const char *name;     /* file name without .so; [a-z][a-z0-9-]* */
	const char *provider; /* "claude", "codex".. shown to people */
	const char *version;  /* of the plugin */
	const char *summary;  /* one line for `linehook plugins' */

	/* Base names of the programs it serves, NULL-terminated, for
	 * `--plugin auto'; the list may be NULL. */
	const char *const *programs;

	/*
	 * Is this line, taken alone, one of this provider's?  1 yes, 0 no.
	 * Without any state, for `--plugin auto'; DATA as in struct lhk_line.
	 * May be NULL.
	 */
	int (*probe) (const char *data, size_t len);

	/*
	 * Begin a stream.  Store a handle in *ret and return LHK_OK, or leave
	 * *ret alone and return an error after saying why with api->log.
	 * Required.
	 */
	int (*open) (const struct lhk_api *api,
		     const struct lhk_option *options, size_t n_options,
		     void **ret);

	/*
	 * The hook.  Called once per line, in order, in full.  LHK_OK: dealt
	 * with, even if nothing was emitted.  LHK_SKIP: a kind of line this
	 * plugin does not know; the host counts it.  LHK_EPARSE: not a line
	 * of this format, and the handle is as it was before.  Any other
	 * negative: the plugin failed; the host reports it and goes on with
	 * the next line.  No return value can stop the stream or the child.
	 * Required.
	 */
	int (*line_hook) (void *handle, const struct lhk_line *line);

	/* End of stream: emit what is still held back.  May be NULL. */
	int (*flush) (void *handle);

	/* The child has ended; always after flush.  Last chance to emit, for
	 * example a result for an exit status with a meaning.  May be NULL. */
	int (*exited) (void *handle, const struct lhk_exit *how);

	/* Give everything back.  Called exactly once per successful open, also
	 * when a callback failed.  Must not emit.  Required. */
	void (*close) (void *handle);

	/* ---- end of ABI 1.0; new members go below this line only ---- */
};

/*
 *	LHK_PLUGIN_DEFINE = {
 *		LHK_PLUGIN_HEADER,
 *		.name = "shout",
 *		..
 *	};
 */
#define LHK_PLUGIN_SYMBOL linehook_plugin_1
#define LHK_PLUGIN_DEFINE                                                      \
	LHK_PLUGIN_DECL                                                        \
	LHK_EXPORT const struct lhk_plugin linehook_plugin_1
#define LHK_PLUGIN_HEADER                                                      \
	.magic = LHK_PLUGIN_MAGIC,                                             \
	.size = (uint32_t) sizeof (struct lhk_plugin),                         \
	.abi_minor = LHK_ABI_MINOR

#ifdef __cplusplus
#define LHK_PLUGIN_DECL extern "C"
#else
#define LHK_PLUGIN_DECL
extern LHK_EXPORT const struct lhk_plugin linehook_plugin_1;
#endif

LHK_END_DECLS

#endif /* LHK_PLUGIN_H */
